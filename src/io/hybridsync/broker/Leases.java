package io.hybridsync.broker;

import io.hybridsync.error.LimitExceededException;
import io.hybridsync.error.ProtocolException;
import io.hybridsync.kernel.Fd;
import io.hybridsync.slab.Slab;
import io.hybridsync.wire.Code;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Spec;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who holds permits of leased semaphores, and what becomes of the permits of those who have gone.
 *
 * <pre>
 *   a client               holds what                    until
 *   --------------------   ---------------------------   ----------------------------------------------------------------
 *   has it open            its ledgers say, and what     it says that it has closed it: nothing of it is under way then
 *                          was taken for it here
 *   is dead                nothing                       -
 *   has lost its           what it held                  the word has moved to where it does not write; what does not
 *   connection, and lives                                move, in memory of the whole domain, is its own until it is dead
 *   was late for the       nobody knows                  the same: the word is not settled before
 *   take-over, and lives
 * </pre>
 *
 * <p>So whoever may still write to the word counts, and whenever there are fewer of those than there were, the word is
 * settled: {@link Settlement}. What one of them holds who was late or refused when this broker took over it has not said, or
 * not all of it: as long as it is among them nothing is tried, for its going is an event. While one of them is in the middle
 * of an operation, and where the broker itself fails in it, it is tried again and again: one event for all words that are not
 * settled, sooner as long as that leads to something, and seldom otherwise. Words of the broker's own are settled in the same
 * way; nothing is ever under way there, and nothing is in the ledgers.
 *
 * <p>A ledger is believed as far as it is possible: that a client says it holds more than there is, or less than nothing, is
 * corruption of the object. Who lies within these bounds takes permits from others, as he could by writing to the word. Who
 * says for ever that he is in the middle of an operation keeps those objects from being settled that he has open, until he is
 * dead: the broker waits for him no longer than a {@link Moment}, for whatever he says so, and then only for others.
 */
final class Leases {

    /** No client: stands for those who have gone without being known. */
    private static final int NOBODY = 0;

    private static final String NO_ROOM =
            "the broker has no room for what it was handed: descriptors or mappings have run out";

    private static final int PAGE_BYTES = 4096;
    private static final int OBJECTS_PER_ROUND = 1000;
    private static final long FIRST_DELAY_NANOS = 1_000_000;
    private static final long LONGEST_DELAY_NANOS = 64_000_000;

    /** Does something later, as an event of its own. */
    interface Later {
        void after(long nanos, Runnable task);
    }

    private final Effects effects;
    private final Looks looks;
    private final Answers answers;
    private final Moment moment;
    private final Later later;
    private final Map<Integer, Purse> purses = new HashMap<>();

    /** Of each leased object: those who may hold permits that have not been settled since. */
    private final Map<SharedObject, MemberSet> holders = new HashMap<>();

    /** Those that are tried again later, those first that have not been tried for longest. */
    private final Set<SharedObject> unsettled = new LinkedHashSet<>();

    /** Of whom nobody knows what they hold: nothing is settled where they may write, until they are dead. */
    private MemberSet unknown = MemberSet.NONE;

    private long delay = FIRST_DELAY_NANOS;
    private boolean scheduled;

    /** Whose ledgers were looked at last. */
    private @Nullable Purse asked;

    /** @param moment how long clients may be waited for */
    Leases(Effects effects, Looks looks, Answers answers, Moment moment, Later later) {
        this.effects = effects;
        this.looks = looks;
        this.answers = answers;
        this.moment = moment;
        this.later = later;
    }

    /**
     * A client hands its ledger; closes the descriptor if all is well.
     *
     * @throws ProtocolException when it is none, or too much
     */
    void hand(Session session, Message.Hand hand, @Nullable Fd fd) {
        Purse purse = purse(session.clientId());
        boolean sized = hand.size() >= PAGE_BYTES && Integer.bitCount(hand.size()) == 1;
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

    /**
     * A client that hands its ledgers over is not to be thought to hold less than they say.
     *
     * @throws LimitExceededException when one could not be taken
     */
    void requireTaken(Session session) {
        Purse purse = purses.get(session.clientId());
        if (purse != null && purse.wasLacking()) {
            throw new LimitExceededException(NO_ROOM);
        }
    }

    /** A client asks whether what it has handed has been taken. */
    void sync(Session session, int request) {
        Purse purse = purses.get(session.clientId());
        if (purse != null && purse.wasLacking()) {
            answers.failed(session, request, Code.LIMIT, NO_ROOM);
        } else {
            answers.done(session, request);
        }
    }

    /** A client has the object open from now on. */
    void opened(SharedObject object, int clientId) {
        if (isLeased(object)) {
            holders.merge(object, MemberSet.of(clientId), MemberSet::withAll);
            purse(clientId).opened(object.id());
        }
    }

    private Purse purse(int clientId) {
        return purses.computeIfAbsent(clientId, id -> new Purse(moment));
    }

    /** Clients of the broker before may have held permits of the object that are dead by now, or are not known. */
    void takenOver(SharedObject object) {
        if (isLeased(object)) {
            holders.put(object, object.holders().with(NOBODY));
            object.holders().ids().forEach(client -> purse(client).opened(object.id()));
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

    /**
     * Clients live, may write where they could before, and have not handed over what they hold, or not all of it: what has come
     * of it does not count.
     */
    void late(MemberSet clients) {
        unknown = clients;
        clients.ids().forEach(this::forget);
    }

    /** Nobody has the object open any more. */
    void gone(SharedObject object) {
        MemberSet before = holders.remove(object);
        unsettled.remove(object);
        if (before != null) {
            holdNothing(object, before);
        }
    }

    private void holdNothing(SharedObject object, MemberSet clients) {
        for (int client : clients.ids()) {
            Purse purse = purses.get(client);
            if (purse != null) {
                purse.closed(object.id());
            }
        }
    }

    /** How many things are kept of what clients hold. */
    int size() {
        return purses.values().stream().mapToInt(Purse::size).sum();
    }

    /** A client is dead: it holds nothing. */
    void died(int clientId) {
        unknown = unknown.without(clientId);
        forget(clientId);
    }

    private void forget(int clientId) {
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
            purse(clientId).grant(object.id(), permits);
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
            try {
                trySettle(object);
            } finally {
                schedule();
            }
        }
    }

    /** What fails is tried again, too: nobody else would come to it. */
    private void trySettle(SharedObject object) {
        try {
            settleNow(object);
        } catch (RuntimeException e) {
            unsettled.add(object);
            throw e;
        }
    }

    private void schedule() {
        if (!scheduled && !unsettled.isEmpty()) {
            scheduled = true;
            later.after(delay, this::round);
        }
    }

    private void round() {
        scheduled = false;
        List<SharedObject> due = unsettled.stream().limit(OBJECTS_PER_ROUND).toList();
        try {
            for (SharedObject object : due) {
                unsettled.remove(object);
                trySettle(object);
            }
        } finally {
            boolean leadsToSomething = due.isEmpty() || !unsettled.containsAll(due);
            delay = leadsToSomething ? FIRST_DELAY_NANOS : Math.min(2 * delay, LONGEST_DELAY_NANOS);
            schedule();
        }
    }

    private void settleNow(SharedObject object) {
        MemberSet visitors = object.visitors();
        if (object.isGone() || object.isCorrupted() || visitors.ids().stream().anyMatch(unknown::contains)) {
            return;
        }
        List<Settlement.Holder> all = visitors.ids().stream()
                .<Settlement.Holder>map(client -> () -> held(client, object))
                .toList();
        switch (new Settlement(object.slot(), object.spec().initialData(), all, patience()).run()) {
            case DONE -> settled(object, visitors);
            case UNSETTLED, BUSY -> unsettled.add(object);
            case CORRUPTED -> object.condemn();
            case OVERDRAWN -> overdrawn(object, visitors);
        }
    }

    private void settled(SharedObject object, MemberSet visitors) {
        MemberSet before = holders.put(object, visitors);
        if (before != null) {
            holdNothing(object, before.filter(client -> !visitors.contains(client)));
        }
        looks.later(object);
    }

    private long held(int clientId, SharedObject object) {
        Purse purse = purses.get(clientId);
        asked = purse;
        return purse == null ? 0 : purse.held(object.id());
    }

    private BooleanSupplier patience() {
        int[] pauses = new int[1];
        return () -> asked != null && waitsFor(asked, pauses[0]++);
    }

    private boolean waitsFor(Purse purse, int pauses) {
        boolean waits = purse.isWorthWaiting() && moment.pause(pauses);
        if (!waits && pauses > 0) {
            purse.waitedInVain();
        }
        return waits;
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
