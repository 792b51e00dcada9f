package io.hybridsync.broker;

import io.hybridsync.error.ProtocolException;
import io.hybridsync.kernel.Fd;
import io.hybridsync.slab.Slab;
import io.hybridsync.wire.Code;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Spec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who holds permits of leased semaphores, and what becomes of the permits of those who have gone.
 *
 * <pre>
 *   a client               holds until
 *   --------------------   ---------------------------------------------------------------------
 *   has it open            it says that it has closed it: nothing of it is under way then
 *   is dead                that is known
 *   has lost its           the word has moved to where it does not write; what does not move,
 *   connection, and lives  in memory of the whole domain, is its own until it is dead
 * </pre>
 *
 * <p>So whoever may still write to the word counts, and whenever there are fewer of those than there were, the word is
 * settled: {@link Settlement}. While one of them is in the middle of an operation it is tried again and again. Words of the
 * broker's own are settled in the same way; nothing is ever under way there, and nothing is in the ledgers.
 *
 * <p>A ledger is believed as far as it is possible: that a client says it holds more than there is, or less than nothing, is
 * corruption of the object. Who lies within these bounds takes permits from others, as he could by writing to the word.
 */
final class Leases {

    /** No client: stands for those who have gone without being known. */
    private static final int NOBODY = 0;

    private static final int PAGE_BYTES = 4096;
    private static final long MOMENT_NANOS = 1_000_000;
    private static final int SPINS = 64;
    private static final long PAUSE_NANOS = 50_000;
    private static final long FIRST_DELAY_NANOS = 1_000_000;
    private static final long LONGEST_DELAY_NANOS = 64_000_000;

    /** Does something later, as an event of its own. */
    interface Later {
        void after(long nanos, Runnable task);
    }

    private final Effects effects;
    private final Looks looks;
    private final Answers answers;
    private final Later later;
    private final Map<Integer, Purse> purses = new HashMap<>();

    /** Of each leased object: those who may hold permits that have not been settled since. */
    private final Map<SharedObject, MemberSet> holders = new HashMap<>();

    /** Those that are tried again later. */
    private final Set<SharedObject> unsettled = new HashSet<>();

    Leases(Effects effects, Looks looks, Answers answers, Later later) {
        this.effects = effects;
        this.looks = looks;
        this.answers = answers;
        this.later = later;
    }

    /**
     * A client hands its ledger; closes the descriptor if all is well.
     *
     * @throws ProtocolException when it is none, or too much
     */
    void hand(Session session, Message.Hand hand, @Nullable Fd fd) {
        Purse purse = purses.computeIfAbsent(session.clientId(), id -> new Purse());
        boolean sized = hand.size() > 0 && hand.size() % PAGE_BYTES == 0;
        if (!sized || !purse.hasRoom(hand.id(), hand.size())) {
            throw new ProtocolException("it hands a ledger of %d bytes, or more than it could need".formatted(hand.size()));
        }
        Slab ledger = effects.ledger(hand.size(), fd);
        if (ledger == null) {
            purse.lacks();
            return;
        }
        Slab former = purse.add(hand.id(), ledger);
        if (former != null) {
            effects.forget(former);
        }
    }

    /** A client asks whether what it has handed has been taken. */
    void sync(Session session, int request) {
        Purse purse = purses.get(session.clientId());
        if (purse != null && purse.wasLacking()) {
            String message = "the broker has no room for what it was handed: descriptors or mappings have run out";
            answers.failed(session, request, Code.LIMIT, message);
        } else {
            answers.done(session, request);
        }
    }

    /** A client has the object open from now on. */
    void opened(SharedObject object, int clientId) {
        if (isLeased(object)) {
            holders.merge(object, MemberSet.of(clientId), MemberSet::withAll);
        }
    }

    /** Clients of the broker before may have held permits of the object that are dead by now, or are not known. */
    void takenOver(SharedObject object) {
        if (isLeased(object)) {
            holders.put(object, object.holders().with(NOBODY));
        }
    }

    /** A client has closed the object. It may have lost its connection and live: then it does not know. */
    void closed(SharedObject object, int clientId) {
        Purse purse = purses.get(clientId);
        if (purse != null && !object.strangers().contains(clientId)) {
            purse.closed(object.id());
        }
        left(object);
    }

    /** Nobody has the object open any more. */
    void gone(SharedObject object) {
        holders.remove(object);
        unsettled.remove(object);
    }

    /** A client is dead: it holds nothing. */
    void died(int clientId) {
        Purse purse = purses.remove(clientId);
        if (purse != null) {
            purse.ledgers().forEach(effects::forget);
        }
    }

    /** Somebody may not be able to write to the word any more who was: then what he held is free. */
    void left(SharedObject object) {
        MemberSet before = holders.get(object);
        if (before != null && !object.visitors().withAll(before).equals(object.visitors())) {
            settle(object);
        }
    }

    /** The broker has taken permits for a client, or if negative has released them. */
    void granted(int clientId, SharedObject object, int permits) {
        if (isLeased(object)) {
            purses.computeIfAbsent(clientId, id -> new Purse()).grant(object.id(), permits);
        }
    }

    /** What is to be noted down of that, before it is done. */
    static List<Journal.Permits> permits(SharedObject object, int taken) {
        return isLeased(object) ? List.of(new Journal.Permits(object.id(), taken)) : List.of();
    }

    /** Whether a client may release so many permits of an object whose word is the broker's own. */
    boolean mayRelease(int clientId, SharedObject object, int permits) {
        Purse purse = purses.get(clientId);
        return permits == 0 || !isLeased(object) || (purse != null && purse.granted(object.id()) >= permits);
    }

    /** What is not held is free, as soon as that can be known. Does nothing to objects that are not leased. */
    void settle(SharedObject object) {
        if (isLeased(object) && !unsettled.contains(object)) {
            settle(object, FIRST_DELAY_NANOS);
        }
    }

    private void settle(SharedObject object, long delay) {
        unsettled.remove(object);
        if (object.isGone() || object.isCorrupted()) {
            return;
        }
        MemberSet visitors = object.visitors();
        List<Settlement.Holder> all = visitors.ids().stream()
                .<Settlement.Holder>map(client -> () -> held(client, object))
                .toList();
        switch (new Settlement(object.slot(), object.spec().initialData(), all, moment()).run()) {
            case DONE -> {
                holders.put(object, visitors);
                looks.later(object);
            }
            case UNSETTLED, BUSY -> {
                unsettled.add(object);
                later.after(delay, () -> again(object, Math.min(2 * delay, LONGEST_DELAY_NANOS)));
            }
            case CORRUPTED -> object.condemn();
            case OVERDRAWN -> overdrawn(object, visitors);
        }
    }

    private void again(SharedObject object, long delay) {
        if (unsettled.contains(object)) {
            settle(object, delay);
        }
    }

    private long held(int clientId, SharedObject object) {
        Purse purse = purses.get(clientId);
        return purse == null ? 0 : purse.held(object.id());
    }

    /** What is under way is over in no time, unless its thread waits for a processor: perhaps for this one. */
    private static BooleanSupplier moment() {
        long end = System.nanoTime() + MOMENT_NANOS;
        int[] looks = new int[1];
        return () -> {
            if (looks[0]++ < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            return System.nanoTime() - end < 0;
        };
    }

    private void overdrawn(SharedObject object, MemberSet visitors) {
        String claims = visitors.ids().stream()
                .map(client -> "client " + client + " says " + held(client, object))
                .collect(Collectors.joining(", "));
        effects.log(Effects.Level.WARN, "%s is taken for corrupted: of its %d permits %s"
                .formatted(object, object.spec().initialData(), claims));
        object.condemn();
    }

    private static boolean isLeased(SharedObject object) {
        return object.spec().has(Spec.LEASED);
    }
}
