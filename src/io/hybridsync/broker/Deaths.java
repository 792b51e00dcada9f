package io.hybridsync.broker;

import io.hybridsync.error.SyncException;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Finds out what the end of a connection means. A process that dies closes its files one by one, so the end of its
 * connection may be seen before the lock on its byte is free: look again for a bounded time. Who holds the lock even
 * then has lost its connection and lives. So does, for the moment, of whom that cannot be found out.
 *
 * <p>Those who live are looked at in turn until they are dead, a few in one event: there may be as many as clients, and each look
 * goes through all locks.
 */
final class Deaths {

    private static final long FIRST_PAUSE_NANOS = 1_000_000;
    private static final long LONGEST_PAUSE_NANOS = 64_000_000;

    /** How many that live are looked at in one event, and how long after that the next ones are. */
    static final int LOOKS_PER_ROUND = 64;

    private static final long ROUND_NANOS = 50_000_000;

    /** Nobody is looked at again sooner. */
    private static final long WATCH_NANOS = 200_000_000;

    private final Timers timers;
    private final Liveness liveness;
    private final BrokerLog log;
    private final long lookNanos;
    private final LongSupplier clock;

    /** Clients that live and have no connection, those first that have not been looked at for longest. */
    private final Set<Integer> watched = new LinkedHashSet<>();

    private boolean scheduled;

    /** The latest look has failed, and that was told. */
    private boolean blind;

    /** @param lookNanos for how long to look */
    Deaths(Timers timers, Liveness liveness, BrokerLog log, long lookNanos) {
        this(timers, liveness, log, lookNanos, System::nanoTime);
    }

    /** @param clock that of the timers */
    Deaths(Timers timers, Liveness liveness, BrokerLog log, long lookNanos, LongSupplier clock) {
        this.timers = timers;
        this.liveness = liveness;
        this.log = log;
        this.lookNanos = lookNanos;
        this.clock = clock;
    }

    /** A connection has ended. */
    void ended(long connection, Registry registry) {
        int clientId = registry.clientId(connection);
        if (clientId == 0) {
            registry.ended(connection, true);
        } else {
            look(connection, registry, clientId, clock.getAsLong() + lookNanos, FIRST_PAUSE_NANOS);
        }
    }

    private void look(long connection, Registry registry, int clientId, long deadline, long pause) {
        long now = clock.getAsLong();
        if (!seemsHeld(clientId)) {
            registry.ended(connection, true);
        } else if (now - deadline >= 0) {
            log.write(Effects.Level.INFO, "client " + clientId + " lives, but has lost its connection");
            registry.ended(connection, false);
            watch(registry, clientId);
        } else {
            long next = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
            timers.at(now + pause, () -> look(connection, registry, clientId, deadline, next));
        }
    }

    /** A client that may live has no connection any more: tells the registry when it is dead, however long that takes. */
    void watch(Registry registry, int clientId) {
        if (seemsHeld(clientId)) {
            watched.add(clientId);
            schedule(registry);
        } else {
            registry.died(clientId);
        }
    }

    /** What cannot be looked at now is looked at again: a death is told once, and must not be lost for want of a descriptor. */
    private boolean seemsHeld(int clientId) {
        try {
            boolean held = liveness.isHeld(clientId);
            blind = false;
            return held;
        } catch (SyncException e) {
            if (!blind) {
                log.write(Effects.Level.WARN, "it cannot be found out now who is alive: " + e.getMessage());
            }
            blind = true;
            return true;
        }
    }

    private void schedule(Registry registry) {
        if (!scheduled && !watched.isEmpty()) {
            scheduled = true;
            long pause = watched.size() <= LOOKS_PER_ROUND ? WATCH_NANOS : ROUND_NANOS;
            timers.at(clock.getAsLong() + pause, () -> round(registry));
        }
    }

    private void round(Registry registry) {
        try {
            watched.stream().limit(LOOKS_PER_ROUND).toList().forEach(client -> lookAgain(registry, client));
        } finally {
            scheduled = false;
            schedule(registry);
        }
    }

    private void lookAgain(Registry registry, int clientId) {
        boolean lives = seemsHeld(clientId);
        watched.remove(clientId);
        if (lives) {
            watched.add(clientId);
        } else {
            registry.died(clientId);
        }
    }
}
