package io.hybridsync.broker;

import io.hybridsync.error.LimitExceededException;
import io.hybridsync.error.ProtocolException;
import io.hybridsync.wire.Code;
import io.hybridsync.wire.Message;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The beginning of a broker whose predecessor has ended and left clients behind. They live, by the locks on their bytes; they
 * have words mapped, and use them all the time; what the predecessor knew they know between them.
 *
 * <pre>
 *   a client of before      Resume     Hand*    HandedOver    asks again    is gone     is dead     the time is over
 *   --------------------    --------   ------   -----------   -----------   ---------   ---------   -----------------
 *   awaited                 resumed    -        -             -             -           not         late
 *   resumed                 LATE       kept     has handed    -             awaited     not         late, refused
 *   has handed, but asks    LATE       -        -             settled       awaited     not         settled
 *   settled                 LATE       -        -             put off       awaited     not         settled
 *   late, or refused        LOST       -        -             -             -           not         -
 * </pre>
 *
 * <p>"Gone" is the connection: what came by it is forgotten, and the client may come again. "Not" is not awaited any more. A
 * client that was waiting here in some order asks for that again right after it has handed over, and is waited for until it
 * has: or those behind it would be let in first. Whatever is asked meanwhile, by new clients too, is put off, and paid for from
 * the budget.
 *
 * <p><b>Where the heap is full</b> it is not for who happens to speak to suffer for it, and what brokers before have granted goes
 * before what is asked anew:
 *
 * <pre>
 *   there is no room for                        what gives way, until there is
 *   -----------------------------------------   ---------------------------------------------------------------------
 *   what is handed over, asked again,           what was asked anew, of who has asked for most: it is answered LIMIT,
 *   or is none of the following                 as when no take-over is under way. When there is no such thing any
 *                                               more, who has taken most of all: it is refused. First those who were
 *                                               no clients of before, for they have nothing to lose
 *   an object to be opened, a wait,             the same, but nobody is refused for it: it is answered LIMIT itself
 *   a look at what there is: anew
 * </pre>
 *
 * <p>So of what an honest new client can ask, which has nothing open, nothing has it refused. Operations and signals are not asked
 * to come again, for they are what gives something back.
 *
 * <p>As much as a broker before can have granted with the same options there is room for, if nobody lies. One liar who takes
 * more than any other is found by it; several that each take less than somebody honest are not.
 *
 * <p>When nobody is awaited any more, or the time is over ({@link HandOverTime}), those are refused who contradict the majority
 * ({@link Legacy}), and all is taken over in one event: {@link Reinstatement}. Then comes what was put off: first the waits
 * that have had a place, in the order of their tickets, then the rest as it came.
 *
 * <p><b>Who is late</b> may still write wherever it could before: words move away from it, and its mutexes are abandoned
 * then. Its handles are lost; it may come as a new client. The next brokers know it, too, if it still lives then and has not
 * heard of it: by the journal, where it is noted down before anything moves.
 *
 * <p><b>If this broker dies in the middle of it</b> the next one finds words as this one has found them, or where this one
 * has ended what was begun, and the clients still have what they were told. Nobody has been answered anything before
 * everybody was told where everything is.
 *
 * <p>A broker that finds no lock held has no predecessor that matters, and is never in this state.
 */
final class TakeOver {

    /** So many tickets are never issued: what is greater was not. */
    private static final long LAST = 1L << 62;

    private static final String FULL = "the broker's heap is full while it takes over: try again, or give it more (-Xmx)";

    /** Something that is asked while nobody is answered. */
    record PutOff(Session session, Message message, OptionalInt waiting, OptionalInt anew) {

        static PutOff of(Session session, Message message) {
            OptionalInt waiting = switch (message) {
                case Message.Await await -> OptionalInt.of(await.request());
                case Message.ConditionAwait await -> OptionalInt.of(await.request());
                default -> OptionalInt.empty();
            };
            OptionalInt request = switch (message) {
                case Message.Open open -> OptionalInt.of(open.request());
                case Message.OpenToken open -> OptionalInt.of(open.request());
                case Message.ListObjects list -> OptionalInt.of(list.request());
                case Message.Describe describe -> OptionalInt.of(describe.request());
                default -> waiting;
            };
            boolean again = request.isPresent() && session.asksAgain(request.getAsInt());
            return new PutOff(session, message, waiting, again ? OptionalInt.empty() : request);
        }

        /** The place of the wait, if it has had one. */
        long ticket() {
            return waiting.isPresent() ? session.ticket(waiting.getAsInt(), LAST) : LAST;
        }

        /** Whether it was asked of no broker before, and can be answered that there is no room for it. */
        boolean isAnew() {
            return anew.isPresent();
        }
    }

    /** The place that a wait has had in its queue, as its client says. */
    private record Place(Session session, int request, long ticket) {}

    private final Legacy legacy;
    private final Budget budget;
    private final Answers answers;
    private final int last;
    private final Set<Integer> refused = new HashSet<>();
    private final Set<Integer> awaited;
    private final Map<Integer, Set<Integer>> toAsk = new HashMap<>();
    private final List<Place> places = new ArrayList<>();
    private final List<PutOff> putOff = new ArrayList<>();
    private MemberSet lost = MemberSet.NONE;
    private boolean underWay;
    private long heard;

    /** What was taken of the heap for the tickets of each client, and for what it has asked and cannot be answered yet. */
    private final Map<Integer, Long> paid = new HashMap<>();

    /** The same for what each has asked anew. */
    private final Map<Integer, Long> paidAnew = new HashMap<>();

    /**
     * @param reserve more of the heap for as long as it is under way: to say what one has takes more room than to have it
     * @param heirs the clients of brokers before that live
     */
    TakeOver(Legacy legacy, Budget budget, Answers answers, long reserve, Collection<Integer> heirs) {
        this.legacy = legacy;
        this.budget = budget;
        this.answers = answers;
        boolean all = heirs.size() < Options.MOST_CLIENTS;
        this.last = all ? heirs.stream().mapToInt(Integer::intValue).max().orElse(0) : ClientIds.LAST;
        this.awaited = new HashSet<>(heirs);
        this.underWay = !heirs.isEmpty();
        budget.setReserve(underWay ? reserve : 0);
    }

    /** Whether nobody is answered yet. */
    boolean isUnderWay() {
        return underWay;
    }

    /** Whether everybody has come who can. */
    boolean isReady() {
        return underWay && awaited.isEmpty();
    }

    /**
     * Whether the client is one of before, and may still hand over what it has. Also if it was not seen to be alive when this
     * broker began: of very many who seem to be not all are looked at, for whoever likes may hold bytes that are nobody's.
     */
    boolean admits(int clientId) {
        return underWay && clientId > 0 && clientId <= last && !refused.contains(clientId);
    }

    /** A client says something. */
    void hears(Session session) {
        if (underWay && session.isHeir()) {
            heard++;
        }
    }

    /** How many messages came from clients of before. */
    long heard() {
        return heard;
    }

    /** One of before has come. */
    void resumed(int clientId) {
        awaited.add(clientId);
    }

    /** The clients that have not come, or have not finished. */
    List<Integer> awaited() {
        return List.copyOf(awaited);
    }

    /** Clients that have lost their connection after they had handed something over, and live. */
    MemberSet lost() {
        return lost;
    }

    Legacy legacy() {
        return legacy;
    }

    /**
     * A client that has resumed hands something over, without a descriptor.
     *
     * @throws ProtocolException when it makes no sense
     * @throws LimitExceededException when there is no room for it
     */
    void received(Session session, Message message) {
        switch (message) {
            case Message.HandObject object -> legacy.hand(session.clientId(), object);
            case Message.HandTicket ticket -> hand(session, ticket);
            case Message.HandSignal signal -> hand(session, signal);
            case Message.HandedOver over -> handedOver(session);
            default -> throw new ProtocolException("a client that resumes does not say "
                    + message.getClass().getSimpleName() + " before HandedOver");
        }
    }

    private void pay(Session session, long bytes) {
        if (!budget.take(bytes)) {
            throw new LimitExceededException(FULL);
        }
        paid.merge(session.clientId(), bytes, Long::sum);
    }

    /** What is asked anew has others give way, of whom it may be one itself; or there is no room for it. */
    private boolean affords(Session session, long bytes) {
        boolean more = true;
        while (more && !budget.take(bytes)) {
            more = letGo();
        }
        if (more) {
            paidAnew.merge(session.clientId(), bytes, Long::sum);
        }
        return more;
    }

    /** There is no room: who has asked for most anew is answered that. False when nobody has asked for anything. */
    boolean letGo() {
        int greediest = Legacy.greediest(paidAnew);
        Predicate<PutOff> givesWay = next -> next.isAnew() && next.session.clientId() == greediest;
        List<PutOff> gone = putOff.stream().filter(givesWay).toList();
        putOff.removeIf(givesWay);
        budget.giveBack(paidAnew.getOrDefault(greediest, 0L));
        paidAnew.remove(greediest);
        gone.forEach(this::full);
        return !gone.isEmpty();
    }

    private void full(PutOff asked) {
        answers.failed(asked.session, asked.anew.orElseThrow(), Code.LIMIT, FULL);
    }

    /** Who has taken most of the heap, of those who were no clients of before if one has taken any; 0 if nobody has. */
    int greediest() {
        Map<Integer, Long> weights = new HashMap<>(paid);
        legacy.weigh(weights);
        Map<Integer, Long> others = new HashMap<>(weights);
        others.keySet().removeIf(client -> client <= last);
        return Legacy.greediest(others.isEmpty() ? weights : others);
    }

    private void hand(Session session, Message.HandSignal signal) {
        pay(session, Budget.ofTicket(signal.condition()));
        if (!session.isNotBack(signal)) {
            throw new ProtocolException("it hands over request %d twice".formatted(signal.request()));
        }
    }

    private void hand(Session session, Message.HandTicket ticket) {
        pay(session, Budget.TICKET_BYTES);
        if (!session.willAskAgain(ticket.request())) {
            throw new ProtocolException("it hands over request %d twice".formatted(ticket.request()));
        }
        if (ticket.ticket() == Message.HandTicket.NONE) {
            return;
        }
        if (ticket.ticket() <= 0 || ticket.ticket() >= LAST) {
            throw new ProtocolException("it hands over a ticket that was never issued");
        }
        places.add(new Place(session, ticket.request(), ticket.ticket()));
        toAsk.computeIfAbsent(session.clientId(), id -> new HashSet<>()).add(ticket.request());
    }

    private void handedOver(Session session) {
        session.handedOver();
        settleIfAsked(session);
    }

    /**
     * Something is asked.
     *
     * @throws LimitExceededException when there is no room for it
     */
    void putOff(Session session, Message message) {
        long bytes = Budget.ofMessage(message);
        PutOff next = PutOff.of(session, message);
        if (!next.isAnew()) {
            pay(session, bytes);
        } else if (!affords(session, bytes)) {
            full(next);
            return;
        }
        putOff.add(next);
        next.waiting.ifPresent(request -> asked(session, request));
        if (message instanceof Message.Withdraw withdraw) {
            asked(session, withdraw.awaited());
        }
    }

    /** A wait is asked for that had a place, or is not going to be. */
    private void asked(Session session, int request) {
        Set<Integer> missing = toAsk.get(session.clientId());
        if (missing != null && missing.remove(request)) {
            settleIfAsked(session);
        }
    }

    private void settleIfAsked(Session session) {
        if (toAsk.getOrDefault(session.clientId(), Set.of()).isEmpty()) {
            awaited.remove(session.clientId());
        }
    }

    /**
     * A connection has ended: whatever came by it counts no more. Its client may come again, unless it is dead or was refused
     * for good.
     */
    void ended(Session session, boolean dead, boolean forGood) {
        int client = session.clientId();
        if (underWay) {
            forget(session);
        }
        if (underWay && session.isHeir()) {
            legacy.forget(client);
            if (forGood) {
                awaited.remove(client);
                refused.add(client);
                lost = dead ? lost : lost.with(client);
            } else if (!dead) {
                awaited.add(client);
            }
        }
    }

    private void forget(Session session) {
        int client = session.clientId();
        toAsk.remove(client);
        places.removeIf(place -> place.session == session);
        budget.giveBack(paid.getOrDefault(client, 0L) + paidAnew.getOrDefault(client, 0L));
        paid.remove(client);
        paidAnew.remove(client);
        putOff.removeIf(next -> next.session == session);
    }

    /** Looks who of those that are awaited is alive. */
    void look(Liveness liveness) {
        awaited.removeIf(client -> !liveness.isHeld(client));
        for (int client : lost.ids()) {
            lost = liveness.isHeld(client) ? lost : lost.without(client);
        }
    }

    /** All is taken over: what is to be dealt with now, in this order. */
    List<PutOff> end() {
        underWay = false;
        awaited.clear();
        putOff.sort(Comparator.comparingLong(PutOff::ticket));
        budget.giveBack(sum(paid) + sum(paidAnew));
        legacy.settle();
        budget.setReserve(0);
        return putOff;
    }

    private static long sum(Map<Integer, Long> bytes) {
        return bytes.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * Numbers the places that waits have had anew, from 1 on, in their order: two clients may say that they had the same one.
     *
     * @return the last of them, 0 for none
     */
    long number() {
        places.sort(Comparator.comparingLong(Place::ticket).thenComparingInt(place -> place.session.clientId()));
        for (int i = 0; i < places.size(); i++) {
            places.get(i).session.setTicket(places.get(i).request, i + 1);
        }
        return places.size();
    }
}
