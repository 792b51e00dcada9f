package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.object.SemaphoreRule;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Mode;
import io.hybridsync.wire.Spec;
import io.hybridsync.wire.WaitOutcome;
import io.hybridsync.wire.Wanted;
import io.hybridsync.word.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The heap has no room for what is told of a promise, nor for what comes next; for what comes then it may have. The broker
 * ends, and the next one finds it as if the other had been killed: what is promised is done, and told once.
 */
class HalfDoneTest {

    private static final int PERMITS = 2;
    private static final Spec SHARED = new Spec(Kind.SEMAPHORE, PERMITS, 5, 0);
    private static final Spec OWN = new Spec(Kind.SEMAPHORE, PERMITS, 5, Spec.BROKER_ONLY);

    private final Dynasty all = new Dynasty();
    private final Kin client = all.client(false);
    private int accesses;

    private long open(String name, Spec spec) {
        all.open(client, Mode.CREATE, name, spec);
        return client.home(name).opened.object();
    }

    private Wanted wanted(long object) {
        return new Wanted(object, SemaphoreRule.ACQUIRE.code(), 1);
    }

    private void assertTakenOnceIfGranted(Message.FromClient request, String... names) {
        all.expected.add("");
        all.beforeTelling = () -> {
            all.memory.beforeAccess(this::failOnce);
            throw new OutOfMemoryError("no room for the message");
        };
        assertThatThrownBy(() -> all.ask(client, request)).isInstanceOf(OutOfMemoryError.class);
        all.memory.beforeAccess(() -> {});
        all.beforeTelling = () -> {};
        all.succeed();
        all.handOver();
        boolean granted = client.answers.stream()
                .anyMatch(answer -> answer instanceof Message.Operated
                        || (answer instanceof Message.Awaited awaited && awaited.outcome() == WaitOutcome.TAKEN));
        assertThat(granted).isTrue();
        for (String name : names) {
            assertThat(all.value(name)).as(name).isEqualTo(PERMITS - 1);
        }
    }

    private void failOnce() {
        fail(0);
    }

    private void fail(int access) {
        if (accesses++ == access) {
            throw new OutOfMemoryError("no room for access " + access);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anOperation(boolean asked) {
        long own = open("own", OWN);
        int request = all.nextRequest();
        assertTakenOnceIfGranted(asked
                ? new Message.Await(request, false, List.of(wanted(own)), List.of())
                : new Message.Operate(request, own, SemaphoreRule.ACQUIRE.code(), 1), "own");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aWait(boolean forAll) {
        long own = open("own", OWN);
        long shared = open("shared", SHARED);
        List<Wanted> wanted = forAll ? List.of(wanted(own), wanted(shared)) : List.of(wanted(shared));
        Message.FromClient request = new Message.Await(all.nextRequest(), forAll, wanted, List.of());
        if (forAll) {
            assertTakenOnceIfGranted(request, "own", "shared");
        } else {
            assertTakenOnceIfGranted(request, "shared");
        }
    }

    /** Wherever in the move it was: what has been decided stays as it is. */
    @Test
    void aMove() {
        Kin other = all.client(false);
        boolean failed = true;
        for (int at = 0; failed; at++) {
            open("first" + at, SHARED);
            all.open(other, Mode.OPEN, "first" + at, SHARED);
            open("second" + at, SHARED);
            failed = moveFails(other, "second" + at, at);
            all.succeed();
            all.handOver();
            assertThat(all.value("second" + at)).as("where access %d of the move failed", at).isEqualTo(PERMITS);
        }
    }

    private boolean moveFails(Kin other, String name, int at) {
        accesses = 0;
        all.memory.beforeAccess(() -> fail(at));
        try {
            all.open(other, Mode.OPEN, name, SHARED);
            return false;
        } catch (OutOfMemoryError e) {
            return true;
        } finally {
            all.memory.beforeAccess(() -> {});
        }
    }
}
