package io.hybridsync.broker;

import io.hybridsync.error.ObjectClosedException;
import io.hybridsync.error.SyncException;
import io.hybridsync.kernel.Closer;
import io.hybridsync.kernel.Epoll;
import io.hybridsync.kernel.EventFd;
import io.hybridsync.kernel.Features;
import io.hybridsync.kernel.Linux;
import io.hybridsync.kernel.Unwinding;
import io.hybridsync.slab.MappedSlabs;
import io.hybridsync.wire.DomainDirectory;
import java.time.Clock;
import java.time.Duration;
import java.util.Deque;
import java.util.Optional;

/**
 * The broker of a domain. One thread, the caller of {@link #run}, has all its state; one epoll tells it what to do
 * next.
 *
 * <pre>
 *   Reception --- new connection ---&gt; Connections --- message ---&gt; Registry
 *                                     |        ^                    |
 *        Deaths &lt;--- has ended -------+        +----- Effects ------+
 *          |
 *          +--- is dead, or will not be heard of again ---&gt; Registry
 * </pre>
 *
 * <p>It ends when nobody has been connected for the linger time, or when it is stopped. Nothing that a client sends,
 * and nothing that happens to the domain's directory, ends it.
 */
public final class Broker implements Runnable {

    private static final long WAKE_KEY = 0;
    private static final long LISTENER_KEY = 1;
    private static final long FOREVER_NANOS = Long.MAX_VALUE / 4;

    /** How often it is looked whether those who are awaited are alive. */
    private static final long HEIRS_NANOS = 20_000_000;

    private final Options options;
    private final Seat seat;
    private final BrokerLog log;
    private final Epoll epoll;
    private final EventFd wake;
    private final Timers timers = new Timers();
    private final MappedSlabs slabs;
    private final Shortage shortage;

    private final Connections connections;
    private final Reception reception;

    /** What there is to be closed in the end: what others need first. Made before the heap is full. */
    private final AutoCloseable[] parts;


    private long houseDue;
    private long heirsDue;
    private volatile boolean stopping;
    private boolean unseated;
    private boolean served;
    private boolean idle;
    private long idleSince;

    /** @param made gets all that this opens: if something fails here, the caller closes that */
    Broker(Seat seat, Options options, Deque<AutoCloseable> made) {
        Clock clock = Clock.systemUTC();
        Lineage lineage = Lineage.at(seat, clock.instant().getEpochSecond());
        this.epoll = kept(Epoll.create(), made);
        this.wake = kept(EventFd.create(), made);
        this.slabs = kept(new MappedSlabs(), made);
        this.log = kept(new BrokerLog(seat.directory(), clock), made);
        this.options = options;
        this.seat = seat;
        this.shortage = new Shortage(text -> log.write(Effects.Level.WARN, text));
        Budget budget = new Budget(options.heapBytes());
        Deaths deaths = new Deaths(timers, seat, log, nanos(options.deathLook()));
        this.connections = new Connections(
                epoll,
                options.queueBytes(),
                budget,
                log,
                effects -> new Registry(
                        options,
                        effects,
                        seat,
                        budget,
                        new SharedStorage(slabs, seat),
                        new RandomTokens(),
                        lineage),
                deaths,
                slabs,
                timers);
        this.reception =
                new Reception(epoll, timers, seat, connections, nanos(options.handshake()), LISTENER_KEY);
        this.parts = new AutoCloseable[] {connections, seat, slabs, epoll, wake};
        epoll.add(wake.fd(), Linux.EPOLLIN, WAKE_KEY);
        String kernel = Features.current().report();
        log.write(Effects.Level.INFO, "started, incarnation " + lineage.incarnation() + ", kernel: " + kernel);
    }

    /**
     * Makes this process the broker of a domain. Clients can connect from now on, and wait for {@link #run}.
     *
     * @param directory of the domain; stays the caller's
     * @return empty when another process is its broker, or the directory is gone
     * @throws SyncException when the directory cannot be used, or the machine has no more
     *     descriptors
     */
    public static Optional<Broker> start(DomainDirectory directory, Options options) {
        return start(directory, options, false);
    }

    /** The same for a process that is there for nothing else: who replaces the broker may end it. */
    static Optional<Broker> startAlone(DomainDirectory directory, Options options) {
        return start(directory, options, true);
    }

    private static Optional<Broker> start(DomainDirectory directory, Options options, boolean alone) {
        Deque<AutoCloseable> made = Unwinding.parts();
        try {
            Seat seat = Seat.take(directory, alone);
            if (seat == null) {
                return Optional.empty();
            }
            made.push(seat);
            return Optional.of(new Broker(seat, options, made));
        } catch (RuntimeException | Error e) {
            Unwinding.closeAll(made);
            throw e;
        }
    }

    private static <T extends AutoCloseable> T kept(T part, Deque<AutoCloseable> made) {
        made.push(part);
        return part;
    }

    /** Serves until nobody has been connected for the linger time, or {@link #stop}; to be called once. */
    @Override
    public void run() {
        try {
            long now = System.nanoTime();
            houseDue = now + nanos(options.housekeeping());
            heirsDue = now;
            HandOverTime time = new HandOverTime(now, nanos(options.takeOver()));
            while (!isOver()) {
                turn(time);
            }
        } catch (OutOfMemoryError e) {
            shortage.occurred();
            if (seat.isAlone()) {
                shortage.tell();
                Runtime.getRuntime().halt(BrokerProcess.EXIT_FAILED);
            }
            throw e;
        } finally {
            leave();
        }
    }

    /** Makes {@link #run} return soon, whoever is connected. From any thread, at any time. */
    public void stop() {
        stopping = true;
        try {
            wake.signal();
        } catch (ObjectClosedException e) {
            // It has ended already.
            return;
        }
    }

    /** Instead of {@link #run}, when there is no thread for it. */
    void endUnserved() {
        stopping = true;
        run();
    }

    private Registry registry() {
        return connections.registry();
    }

    private void turn(HandOverTime time) {
        int events = epoll.await(nextDeadline());
        for (int i = 0; i < events; i++) {
            handle(epoll.data(i), epoll.events(i));
        }
        long now = System.nanoTime();
        if (registry().isTakingOver() && now - heirsDue >= 0) {
            heirsDue = now + HEIRS_NANOS;
            guard(() -> awaitHeirs(time));
        }
        if (now - houseDue >= 0) {
            houseDue = now + nanos(options.housekeeping());
            guard(this::keepHouse);
        }
        for (Runnable due = timers.due(now); due != null; due = timers.due(now)) {
            guard(due);
        }
        guard(connections::settle);
    }

    private void handle(long key, int events) {
        try {
            if (key == WAKE_KEY) {
                wake.drain();
            } else if (key == LISTENER_KEY) {
                reception.accept();
            } else {
                connections.handle(key, events);
            }
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    /** One thing that fails must not be the end of all the others. */
    private void guard(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    private void failed(RuntimeException failure) {
        log.write(Effects.Level.WARN, "failed: " + failure);
    }

    private long nextDeadline() {
        long due = registry().isTakingOver() ? Math.min(houseDue, heirsDue) : houseDue;
        long next = Math.min(timers.next(), due);
        return idle ? Math.min(next, idleSince + lingerNanos()) : next;
    }

    /** Who has it started must get the time to connect, however short the linger time is. */
    private long lingerNanos() {
        long linger = nanos(options.linger());
        return served ? linger : Math.max(linger, nanos(options.handshake()));
    }

    /** Somebody may have connected at the very end of the linger time. */
    private boolean isOver() {
        return stopping || (lingered() && noneWaits());
    }

    private boolean lingered() {
        long now = System.nanoTime();
        boolean wasIdle = idle;
        idle = connections.isEmpty() && registry().isEmpty();
        idleSince = wasIdle ? idleSince : now;
        served |= !idle;
        return idle && now - idleSince >= lingerNanos();
    }

    private boolean noneWaits() {
        reception.accept();
        return connections.isEmpty();
    }

    private void keepHouse() {
        guard(registry()::roomAgain);
        guard(registry()::patrol);
        guard(Closer::goOn);
        if (!seat.isWhole()) {
            repair();
        }
        if (seat.hasRenewedClients()) {
            connections.showAgain();
        }
    }

    /** Those that the broker before has left, until they have come or are dead, or the time is over. */
    private void awaitHeirs(HandOverTime time) {
        if (time.isOver(System.nanoTime(), registry().handedOver())) {
            connections.takeOverNow();
        } else {
            connections.lookForHeirs();
        }
    }

    private void repair() {
        try {
            switch (seat.repair()) {
                case DONE -> seatedAgain();
                case UNWRITTEN -> {
                    follow();
                    unseated("what the lock file said cannot be written down again: " + seat.reason());
                }
                case TAKEN -> unseated("another broker is there by now: new clients come to that one");
                case GONE -> unseated("so was the directory while they were made again: the next try is soon");
            }
        } catch (SyncException e) {
            unseated("they cannot be made again: " + e.getMessage());
        }
    }

    private void seatedAgain() {
        follow();
        log.write(Effects.Level.INFO, "made again what was removed from " + seat.directory());
        unseated = false;
    }

    private void follow() {
        log.moveTo(seat.directory());
        reception.follow();
    }

    private void unseated(String why) {
        if (!unseated) {
            log.write(Effects.Level.WARN, "files were removed from " + seat.directory() + ", and " + why);
        }
        unseated = true;
    }

    private void leave() {
        try {
            if (!shortage.hasOccurred()) {
                tidyUp();
            }
        } finally {
            shortage.close(parts);
            if (shortage.hasOccurred()) {
                shortage.tell();
            }
            log.close();
        }
    }

    private void tidyUp() {
        connections.close();
        log.write(Effects.Level.INFO, "ends");
        log.close();
        seat.clear(log.isWorthKeeping());
    }

    private static long nanos(Duration duration) {
        boolean huge = duration.compareTo(Duration.ofNanos(FOREVER_NANOS)) > 0;
        return huge ? FOREVER_NANOS : Math.max(0, duration.toNanos());
    }
}
