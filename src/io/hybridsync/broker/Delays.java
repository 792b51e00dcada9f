package io.hybridsync.broker;

import io.hybridsync.error.LimitExceededException;
import io.hybridsync.wire.Code;
import io.hybridsync.wire.Message;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * What cannot be done now, because somebody does not read, or writes to a word without a pause. It is tried again whenever
 * there is room at some connection, or one has ended, and from time to time.
 *
 * <pre>
 *   what is delayed         how often it is kept          who pays         until
 *   ---------------------   ---------------------------   --------------   ------------------------------------
 *   a request of a client   as often as it was asked      the client, by   it is tried again, and done or
 *                                                         quota, Account   delayed anew; or the client has ended
 *   what the broker owes    once for each name, which     nobody           it is done
 *   itself: a word is to    says of which object it is:
 *   move, a mutex to be     there are as many as objects
 *   abandoned
 * </pre>
 *
 * <p>So who asks for ever and does not read is expelled, and a request waits in nobody's memory but its client's share of it.
 * That it cannot be done now may be another's doing, and so may it be that the budget is used up: then it is answered
 * LIMIT, when the little that each {@link Account} has for that is used up, too. Nothing of it has been done; but of a signal to
 * all, those have been signaled who could be told before the first one who could not: to ask again reaches the rest.
 * A client that has no room is not answered, so its requests are not tried then. Those of different clients do not wait for
 * each other, and one that fails hurts its own client alone.
 */
final class Delays {

    private final Effects effects;
    private final Answers answers;
    private final Budget budget;
    private final int most;
    private final BiConsumer<Session, Message> dispatch;
    private final Map<Session, Delayed> requests = new LinkedHashMap<>();
    private final Map<Object, Runnable> duties = new LinkedHashMap<>();
    private boolean trying;
    private boolean asked;

    /** What one client has asked for. */
    private record Delayed(Account account, Deque<Message> messages) {}

    /**
     * @param most how many requests of one client may be delayed
     * @param dispatch deals with a request again; what fails there is dealt with there
     */
    Delays(Effects effects, Answers answers, Budget budget, int most, BiConsumer<Session, Message> dispatch) {
        this.effects = effects;
        this.answers = answers;
        this.budget = budget;
        this.most = most;
        this.dispatch = dispatch;
    }

    /**
     * A request is to be dealt with again, from the start; or is answered, when there is no room for it.
     *
     * @throws LimitExceededException when the client has too many such requests
     */
    void delay(Session session, int request, Message message) {
        Delayed delayed = requests.computeIfAbsent(session, s -> new Delayed(new Account(budget), new ArrayDeque<>()));
        if (delayed.messages.size() >= most) {
            throw new LimitExceededException(
                    "it asks and does not let the broker answer: %d requests are delayed, its quota".formatted(most));
        }
        if (delayed.account.take(Budget.ofMessage(message))) {
            delayed.messages.add(message);
        } else {
            String reason = "somebody does not read, and the broker's heap is full: try again, or give it more (-Xmx)";
            answers.failed(session, request, Code.LIMIT, reason);
        }
    }

    /** Something that the broker has to do for itself, unless something of that name is to be done already. */
    void owe(Object name, Runnable duty) {
        duties.putIfAbsent(name, duty);
    }

    /** A client has ended: nobody waits for its answers. */
    void ended(Session session) {
        Delayed delayed = requests.remove(session);
        if (delayed != null) {
            delayed.messages.forEach(message -> delayed.account.giveBack(Budget.ofMessage(message)));
            delayed.messages.clear();
        }
    }

    /**
     * There may be room again. A client that is expelled by what is done here ends, which asks for this once more: that is
     * another round.
     */
    void retry() {
        asked = true;
        if (trying) {
            return;
        }
        trying = true;
        try {
            while (asked) {
                asked = false;
                List.copyOf(duties.keySet()).forEach(this::retry);
                List.copyOf(requests.keySet()).forEach(this::retry);
            }
        } finally {
            trying = false;
        }
    }

    /** What fails has been delayed for the last time. */
    private void retry(Object name) {
        Runnable duty = duties.remove(name);
        if (duty != null) {
            try {
                duty.run();
            } catch (RuntimeException e) {
                effects.log(Effects.Level.WARN, "what was delayed has failed: " + e);
            }
        }
    }

    private void retry(Session session) {
        Delayed delayed = requests.get(session);
        if (delayed == null) {
            return;
        }
        int due = delayed.messages.size();
        for (int i = 0; i < due && !delayed.messages.isEmpty() && effects.hasRoom(session.connection()); i++) {
            Message next = delayed.messages.remove();
            delayed.account.giveBack(Budget.ofMessage(next));
            dispatch.accept(session, next);
        }
        if (delayed.messages.isEmpty()) {
            requests.remove(session);
        }
    }

    /** How much is delayed. */
    int size() {
        return duties.size() + requests.values().stream().mapToInt(delayed -> delayed.messages.size()).sum();
    }
}
