package io.hybridsync.client;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.wire.Message;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is nothing to anybody, and what is something though no object is open. */
class EstateTest {

    private static final long OBJECT = 0x1_0000_0001L;

    private final Slabs slabs = new Slabs();
    private final Ledgers ledgers = new Ledgers();
    private final Requests requests = new Requests();
    private final Signals signals = new Signals();
    private final Estate estate = new Estate(
            slabs,
            new Keepsakes(),
            ledgers,
            new Residences(slabs, ledgers, new Party(1, 1, false, () -> {})),
            requests,
            signals,
            new Delivery());

    @AfterEach
    void close() {
        ledgers.close();
        slabs.close();
    }

    private void ask(Message message) {
        Request request = new Request(1, message, answer -> {}, answer -> {});
        requests.add(request);
        request.asked = true;
    }

    static List<Message> harmless() {
        return List.of(
                new Message.ListObjects(1, 0),
                new Message.Describe(1, OBJECT),
                new Message.Close(1, OBJECT),
                new Message.ConditionSignal(1, OBJECT, "", false),
                new Message.Sync(1));
    }

    @ParameterizedTest
    @MethodSource("harmless")
    void whatOnlyAsksIsAskedOfAnyBroker(Message message) {
        ask(message);
        assertThat(estate.letGo()).isTrue();
        assertThat(requests.again()).containsExactly(message);
    }

    static List<Message> grave() {
        return List.of(
                new Message.Operate(1, OBJECT, 0, 1),
                new Message.Await(1, true, List.of(), List.of()),
                new Message.ConditionAwait(1, OBJECT, ""));
    }

    @ParameterizedTest
    @MethodSource("grave")
    void whatMayHaveBeenGrantedIsSomething(Message message) {
        ask(message);
        assertThat(estate.letGo()).isFalse();
        requests.answered(requireNonNull(requests.find(1)), new Message.Done(1));
        assertThat(estate.letGo()).isTrue();
    }

    @Test
    void aSignalThatIsNotUsedIsSomething() {
        signals.told(new Message.HandSignal(1, OBJECT, ""));
        assertThat(estate.letGo()).isFalse();
        signals.used(1);
        assertThat(estate.letGo()).isTrue();
    }
}
