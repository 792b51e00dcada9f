package io.hybridsync.client;

import io.hybridsync.slab.Patience;
import io.hybridsync.slab.Slot;
import io.hybridsync.wire.Message;
import org.jspecify.annotations.Nullable;

/**
 * What the broker was asked of a claim that a word makes: one request, whose answer all threads wait for that come across the
 * claim, each as long as it may. A broker that is stopped keeps none of them longer for there being others.
 *
 * <p>Who comes later may get an answer that was on its way when he came: it is of a moment at which the claim stood for him as
 * well, or he finds that it does not any more and looks again.
 */
final class Question {

    private final Connection connection;
    private final Slot slot;
    private final Request request;
    private final long limitNanos;

    /** Asks. */
    Question(Connection connection, long object, Slot slot) {
        this.connection = connection;
        this.slot = slot;
        this.request = connection.begin(number -> new Message.Claim(number, object, slot.location()), answer -> {});
        this.limitNanos = System.nanoTime() + connection.timeoutNanos();
    }

    /** Whether it is about the word at that place, and not answered yet. */
    boolean isOpenAt(Slot where) {
        return slot == where && !request.answer().isDone();
    }

    /**
     * Waits for the answer.
     *
     * @return null when the caller's time was up, or it was interrupted, before there was one; the interrupt status stays
     * @throws io.hybridsync.error.BrokerUnavailableException when the broker did not answer in the time that it has
     */
    Message.@Nullable ClaimAnswer await(Patience patience) {
        Message.Answer answer = connection.await(request, patience, limitNanos);
        return answer == null ? null : Connection.cast(answer, Message.ClaimAnswer.class);
    }
}
