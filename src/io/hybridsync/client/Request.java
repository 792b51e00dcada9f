package io.hybridsync.client;

import io.hybridsync.wire.Code;
import io.hybridsync.wire.Message;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A request of this client, from when it is asked until it is answered, by whichever broker.
 *
 * <pre>
 *   asked ----- answer -----&gt; the caller has it
 *     |
 *     +-- given up -- answer --&gt; what the broker did is taken back
 * </pre>
 *
 * If no answer will come, because the client has no broker any more, the latter is told so all the same.
 *
 * <p>Which of the two it is, is decided once, by who completes {@link #answer} first. What the broker is told of it besides, the
 * place in its queue and that the caller waits no longer, is kept for the next broker. What an answer means for what this
 * client holds is noted down before either, by the thread that hands everything over: the caller may not run for a while.
 *
 * <h2>Who fails</h2>
 *
 * A thread that has no stack left, or no heap, may fail at any call, also while it asks, and can say so by none. Where an answer
 * may have taken something the request is made first, with what takes that back, and the thread says without a call how it
 * has left: it is not {@link #busy} any more, or it is, and has {@link #failed}. The connection's thread does the rest:
 *
 * <pre>
 *   the thread fails                            the connection's thread sees that             and takes back
 *   -----------------------------------------   -------------------------------------------   --------------------------
 *   before it has {@link #asked}                       in a round soon: {@link Requests#watch}              nothing: it says so, and
 *                                                                                             nobody will be asked
 *   before the answer comes                     when the answer comes, or none will           what the answer says
 *   while the answer is handed over, or later   in a round soon: who was still busy then is   what the answer said
 *                                               watched until he is not, or has failed
 *   when it is not busy any more                never                                         nothing: he has the answer
 * </pre>
 *
 * That is done once, by whichever of these comes first. For the next broker such a request is over, as one that was given up.
 */
final class Request {

    private static final long NONE = -1;

    /** What there is instead of an answer that nobody waits for. */
    private static final class GivenUp extends RuntimeException {

        private static final long serialVersionUID = 1;

        GivenUp() {
            super("the answer is not waited for any more");
        }
    }

    private final long order;
    private final Message message;
    private final Consumer<Message.Answer> heard;
    private final Consumer<Message.Answer> undo;
    private final CompletableFuture<Message.Answer> answer = new CompletableFuture<>();

    /** Written by the thread that asks, without a call: it has to leave yet, and somebody looks how. */
    volatile boolean busy;

    /** The same: nobody will use the answer, and the thread may not have been able to see to that. */
    volatile boolean failed;

    /** The same: it is said, or the next broker will be asked. */
    volatile boolean asked;

    private volatile boolean takenBack;
    private volatile boolean withdrawn;
    private volatile long ticket = NONE;

    /**
     * @param order among all that this client has asked; {@link #number} of it is in the message
     * @param heard is told the answer first, by the connection's thread
     * @param undo takes back, by the connection's thread, what the broker did if nobody waits any more
     */
    Request(long order, Message message, Consumer<Message.Answer> heard, Consumer<Message.Answer> undo) {
        this.order = order;
        this.message = message;
        this.heard = heard;
        this.undo = undo;
    }

    /** What the request of that order is called in messages: numbers go round some day. */
    static int number(long order) {
        return (int) order;
    }

    /** What the answer will name. */
    int number() {
        return number(order);
    }

    /** Its place among all that this client has asked. */
    long order() {
        return order;
    }

    /** What was asked. */
    Message message() {
        return message;
    }

    /** The broker's answer, when it has come; a failure when none will come. */
    CompletableFuture<Message.Answer> answer() {
        return answer;
    }

    /** Nobody waits for the answer any more; false if it came before, or nobody did already. */
    boolean giveUp() {
        return answer.completeExceptionally(new GivenUp());
    }

    /** Whether that is why there is no answer. */
    boolean isGivenUp() {
        return answer.isCompletedExceptionally() && answer.exceptionNow() instanceof GivenUp;
    }

    /** By the connection's thread: the answer has come. */
    void answered(Message.Answer came) {
        heard.accept(came);
        if (failed || !answer.complete(came)) {
            takeBack(came);
        }
    }

    /**
     * By the connection's thread: takes back what a thread has left that has failed.
     *
     * @return false if it is to be looked at again soon: the thread is busy with it, and no answer will tell
     */
    boolean isSettled() {
        boolean left = failed;
        boolean open = asked && (!answer.isDone() || isGivenUp());
        if (left && !open) {
            takeBack(asked && !answer.isCompletedExceptionally() ? answer.resultNow() : nothing("nobody has asked"));
        }
        return left || !busy || open;
    }

    /** Whether it is in a queue for a thread that has failed: that may not have been able to say so. */
    boolean isLeftInQueue() {
        return failed && isWait();
    }

    private boolean isWait() {
        return message instanceof Message.Await || message instanceof Message.ConditionAwait;
    }

    private void takeBack(Message.Answer came) {
        if (!takenBack) {
            undo.accept(came);
            takenBack = true;
        }
    }

    private Message.Failed nothing(@Nullable String why) {
        return new Message.Failed(number(), Code.LOST, String.valueOf(why));
    }

    /** There will be no answer. Who has given up hears that nothing was done: nothing can be taken back any more. */
    void fail(Throwable why) {
        if ((!answer.completeExceptionally(why) && isGivenUp()) || failed) {
            takeBack(nothing(why.getMessage()));
        }
    }

    /** The broker is, or will be, told that the wait is over; to be called before it is. */
    void withdraw() {
        withdrawn = true;
    }

    /** The broker has said which place in its queue the wait has. */
    void queued(long place) {
        ticket = place;
    }

    /** Whether a broker may have granted it and died before it said so. */
    boolean mayBeGranted() {
        return asked && (message instanceof Message.Operate || isWait());
    }

    /** The place in its queue that the wait has, if it has one whose order counts. */
    OptionalLong ticket() {
        return ticket == NONE ? OptionalLong.empty() : OptionalLong.of(ticket);
    }

    /**
     * What the next broker is told, in this order; nothing if it need not hear of it, nor of what was not said to the end, which
     * is not asked: nobody would take that back. Who has given up wants to know all the same what became of an operation or a
     * wait: it may be done already, and is to be taken back then.
     */
    List<Message> again() {
        if (!asked) {
            return List.of();
        }
        boolean over = answer.isDone() || failed;
        if (isWait()) {
            return withdrawn || over ? List.of(message, new Message.Withdraw(number())) : List.of(message);
        }
        return over && !(message instanceof Message.Operate) ? List.of() : List.of(message);
    }
}
