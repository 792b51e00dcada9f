package io.hybridsync.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.wire.Message;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Threads that fail while they ask: what the connection's thread makes of it. */
class RequestsTest {

    private final Requests requests = new Requests();
    private final List<Message.Answer> undone = new ArrayList<>();
    private boolean full;

    private final Request request =
            new Request(1, new Message.Operate(1, 1, 0, 1), answer -> {}, answer -> {
                if (full) {
                    throw new OutOfMemoryError("for a test");
                }
                undone.add(answer);
            });

    RequestsTest() {
        request.busy = true;
        requests.watch(request);
    }

    private void asked() {
        requests.add(request);
        request.asked = true;
    }

    /** It is in the list, and nobody has said it: the next broker would do what nobody takes back any more. */
    @Test
    void whatWasNotSaidToTheEndIsNotSaidToTheNextBrokerEither() {
        requests.add(request);
        request.failed = true;
        assertThat(requests.tend()).isEqualTo(Long.MAX_VALUE);
        assertThat(undone).hasSize(1).hasOnlyElementsOfType(Message.Failed.class);
        assertThat(requests.again()).isEmpty();
    }

    /** That broker may be there before the connection's thread has come to what was left. */
    @Test
    void whatWasNotSaidToTheEndIsNotSaidToABrokerThatComesFirst() {
        requests.add(request);
        request.failed = true;
        assertThat(request.mayBeGranted()).isFalse();
        assertThat(requests.again()).isEmpty();
        assertThat(requests.tend()).isEqualTo(Long.MAX_VALUE);
        assertThat(undone).hasSize(1).hasOnlyElementsOfType(Message.Failed.class);
    }

    @Test
    void whoIsAboutToAskIsLookedAtAgain() {
        assertThat(requests.tend()).isNotEqualTo(Long.MAX_VALUE);
        asked();
        assertThat(requests.tend()).isEqualTo(Long.MAX_VALUE);
        assertThat(undone).isEmpty();
    }

    @Test
    void whoFailsWhenHeHasTheAnswerIsFound() {
        asked();
        assertThat(requests.tend()).isEqualTo(Long.MAX_VALUE);
        requests.answered(request, new Message.Operated(1, 5));
        assertThat(requests.tend()).isNotEqualTo(Long.MAX_VALUE);
        request.failed = true;
        assertThat(requests.tend()).isEqualTo(Long.MAX_VALUE);
        assertThat(undone).containsExactly(new Message.Operated(1, 5));
    }

    @Test
    void whoHasLeftWithTheAnswerKeepsIt() {
        asked();
        requests.answered(request, new Message.Operated(1, 5));
        request.busy = false;
        assertThat(requests.tend()).isEqualTo(Long.MAX_VALUE);
        assertThat(undone).isEmpty();
    }

    @Test
    void whatIsTakenBackIsTakenBackOnce() {
        asked();
        request.failed = true;
        requests.answered(request, new Message.Operated(1, 5));
        long _ = requests.tend();
        request.fail(new IllegalStateException("for a test"));
        assertThat(undone).containsExactly(new Message.Operated(1, 5));
    }

    /** The connection is lost then, and everything with it; but somebody may wait until nobody asks any more. */
    @Test
    void whatThereWasNoRoomToTakeBackIsOverWithTheConnection() {
        asked();
        request.failed = true;
        full = true;
        Message.Answer taken = new Message.Operated(1, 5);
        assertThatThrownBy(() -> requests.answered(request, taken)).isInstanceOf(OutOfMemoryError.class);
        full = false;
        requests.fail(new IllegalStateException("for a test"));
        assertThat(undone).hasSize(1).hasOnlyElementsOfType(Message.Failed.class);
    }
}
