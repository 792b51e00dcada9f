package io.hybridsync.client;

import static io.hybridsync.client.Dynasty.acquire;
import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.object.MutexRule;
import io.hybridsync.object.SemaphoreRule;
import io.hybridsync.wire.Message;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How the next broker is looked for. */
@Timeout(30)
class SearchTest {

    private static final Duration LONG = Duration.ofSeconds(50);

    @TempDir
    Path parent;

    private final AtomicReference<@Nullable Dynasty> begun = new AtomicReference<>();
    private final AtomicInteger starts = new AtomicInteger();

    /** As long as something is short no broker can be started. */
    private Starter.Started startAtLast(Error scarcity) {
        if (starts.getAndIncrement() < 3) {
            throw scarcity;
        }
        Objects.requireNonNull(begun.get()).next();
        return new SuccessionTest.Running();
    }

    private Dynasty starting(Error scarcity) {
        Dynasty dynasty = new Dynasty(parent, LONG, Optional.of(arguments -> startAtLast(scarcity)));
        begun.set(dynasty);
        return dynasty;
    }

    @Test
    void whatTheProcessLacksForABrokerIsTriedAgain() throws Exception {
        try (Dynasty dynasty = starting(new OutOfMemoryError("unable to create native thread"))) {
            Opening s = dynasty.inMemory("s", 0);
            FutureTask<Boolean> sleeping = acquire(s);
            dynasty.dies();
            dynasty.settle();
            assertThat(starts).hasValue(4);
            assertThat(s.handle().attempt(SemaphoreRule.RELEASE, 1)).isZero();
            assertThat(sleeping.get()).isTrue();
        }
    }

    private static void abandonedBySomebody(Opening mutex) throws Exception {
        assertThat(Dynasty.start(() -> mutex.mutex().tryLock()).get()).isTrue();
    }

    /** A broker that was started and is not ready before a mutex is marked as its owner has left it. */
    private final class Slow implements Starter.Started {

        private final Opening mutex;

        Slow(Opening mutex) {
            this.mutex = mutex;
        }

        @Override
        public @Nullable String failure() {
            if (mutex.handle().value() == MutexRule.OWNER_DIED && starts.getAndIncrement() == 0) {
                Objects.requireNonNull(begun.get()).next();
            }
            return null;
        }

        @Override
        public void close() {}
    }

    @Test
    void theObjectsAreLookedAfterWhileABrokerStarts() throws Exception {
        AtomicReference<@Nullable Opening> mutex = new AtomicReference<>();
        Starter starter = arguments -> new Slow(Objects.requireNonNull(mutex.get()));
        try (Dynasty dynasty = new Dynasty(parent, LONG, Optional.of(starter))) {
            begun.set(dynasty);
            mutex.set(dynasty.client.create("m", Blueprint.mutex(false, false)));
            dynasty.diesAndIsMissed();
            abandonedBySomebody(Objects.requireNonNull(mutex.get()));
            dynasty.settle();
        }
    }

    @Test
    void theObjectsAreLookedAfterWhileABrokerSaysNothing() throws Exception {
        try (Dynasty dynasty = new Dynasty(parent, LONG)) {
            Opening m = dynasty.client.create("m", Blueprint.mutex(false, false));
            dynasty.dies();
            FakeBroker mute = dynasty.next((fake, message) -> {});
            Message.Resume resume = mute.next(Message.Resume.class);
            abandonedBySomebody(m);
            while (m.handle().value() != MutexRule.OWNER_DIED) {
                Thread.onSpinWait();
            }
            mute.script = FakeBroker::answer;
            mute.answer(resume);
            dynasty.settle();
        }
    }
}
