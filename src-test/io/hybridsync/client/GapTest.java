package io.hybridsync.client;

import static io.hybridsync.client.Dynasty.acquire;
import static io.hybridsync.client.Dynasty.start;
import static io.hybridsync.client.Dynasty.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.error.ObjectClosedException;
import io.hybridsync.kernel.OpenFiles;
import io.hybridsync.object.MutexRule;
import io.hybridsync.object.SemaphoreRule;
import io.hybridsync.slab.Cell;
import io.hybridsync.wire.ClientsFile;
import io.hybridsync.wire.DomainDirectory;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.WaitOutcome;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client while there is no broker. Nobody starts one. */
@Timeout(60)
class GapTest {

    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofSeconds(50);
    private static final int CLIENT = 7;

    @TempDir
    Path parent;

    @Test
    void memoryIsOperatedOnAndSleepersAreWoken() throws Exception {
        try (Dynasty dynasty = new Dynasty(parent, LONG)) {
            Opening s = dynasty.inMemory("s", 0);
            FutureTask<Boolean> sleeping = acquire(s);
            while (!s.handle().portion().isOnSlowPath()) {
                Thread.onSpinWait();
            }
            dynasty.diesAndIsMissed();
            assertThatThrownBy(() -> sleeping.get(50, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            assertThat(s.handle().attempt(SemaphoreRule.RELEASE, 1)).isZero();
            assertThat(sleeping.get()).isTrue();
            dynasty.next();
        }
    }

    /** Whether a thread of this process is in the kernel, in futex_waitv(2): its number is the same on every CPU. */
    private static boolean sleepsOnWords() throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            return threads.anyMatch(thread -> call(thread).startsWith("449 "));
        }
    }

    /** The system call that a thread is in; none if it has ended. */
    private static String call(Path thread) {
        try {
            return Files.readString(thread.resolve("syscall"));
        } catch (IOException e) {
            return "";
        }
    }

    /** The broker died between the tombstone and the wake. */
    @Test
    void whoSleepsAtAPlaceThatTheWordHasLeftIsWoken() throws Exception {
        try (Dynasty dynasty = new Dynasty(parent, LONG)) {
            FakeBroker broker = dynasty.broker();
            Opening s = dynasty.inMemory("s", 0);
            Location from = Objects.requireNonNull(s.handle().portion().location());
            Location to = new Location(FakeBroker.SLAB + 1, 128, 1);
            FutureTask<Boolean> sleeping = acquire(s);
            while (!sleepsOnWords()) {
                Thread.onSpinWait();
            }
            broker.another(to.slab());
            broker.word(to).replace(0, 2, 0);
            broker.say(new Message.Moving(s.object(), 4, from, to), null);
            assertThat(broker.word(from).replace(broker.word(from).load(), 4, Word.MOVED)).isTrue();
            assertThat(s.handle().attempt(SemaphoreRule.ACQUIRE, 1)).isEqualTo(2);
            dynasty.diesAndIsMissed();
            assertThat(sleeping.get()).isTrue();
            dynasty.next();
        }
    }

    @Test
    void theTimeOfARequestRunsAndTheNextBrokerDoesNotHearOfIt() throws Exception {
        try (Dynasty dynasty = new Dynasty(parent, SHORT)) {
            dynasty.diesAndIsMissed();
            assertThatThrownBy(dynasty::settle)
                    .isInstanceOf(BrokerUnavailableException.class)
                    .hasMessageContaining("within 200 ms no other had taken over: none is running");
            FakeBroker next = dynasty.next();
            until(next, Message.HandedOver.class);
            Opening _ = dynasty.client.create("a", Blueprint.semaphore(1, 1).brokerOnly(true));
            assertThat(next.heard).singleElement().isInstanceOf(Message.Open.class);
        }
    }

    @Test
    void anOperationThatWasGivenUpIsAskedAgainAndUndone() throws Exception {
        try (Dynasty dynasty = new Dynasty(parent, SHORT)) {
            Opening s = dynasty.atBroker("s");
            FutureTask<Integer> acquiring = start(() -> s.handle().attempt(SemaphoreRule.ACQUIRE, 2));
            Message.Operate operate = dynasty.broker().next(Message.Operate.class);
            dynasty.dies();
            assertThatThrownBy(acquiring::get).hasCauseInstanceOf(BrokerUnavailableException.class);
            FakeBroker next = dynasty.next();
            assertThat(next.next(Message.Operate.class)).isEqualTo(operate);
            next.say(new Message.Operated(operate.request(), 5), null);
            Message.Operate undo = next.next(Message.Operate.class);
            assertThat(undo.rule()).isEqualTo(SemaphoreRule.RELEASE.code());
            assertThat(undo.argument()).isEqualTo(2);
            next.say(new Message.Operated(undo.request(), 3), null);
        }
    }

    @Test
    void aWaitThatIsInterruptedIsWithdrawnFromTheNextBroker() throws Exception {
        try (Dynasty dynasty = new Dynasty(parent, LONG)) {
            Opening s = dynasty.atBroker("s");
            FutureTask<String> waiting = new FutureTask<>(() -> {
                try {
                    return "" + s.handle().await(SemaphoreRule.ACQUIRE, 1, Cell.FOREVER, s);
                } catch (InterruptedException e) {
                    return "interrupted";
                }
            });
            Thread thread = Thread.ofPlatform().daemon().start(waiting);
            Message.Await await = dynasty.broker().next(Message.Await.class);
            dynasty.diesAndIsMissed();
            thread.interrupt();
            while (thread.isInterrupted()) {
                Thread.onSpinWait();
            }
            FakeBroker next = dynasty.next();
            assertThat(until(next, Message.Withdraw.class)).endsWith(await, new Message.Withdraw(await.request()));
            next.say(new Message.Awaited(await.request(), WaitOutcome.WITHDRAWN, -1, List.of()), null);
            assertThat(waiting.get()).isEqualTo("interrupted");
        }
    }

    @Test
    void aRequestIsNotEndedByAnInterrupt() throws Exception {
        try (Dynasty dynasty = new Dynasty(parent, LONG)) {
            dynasty.diesAndIsMissed();
            FutureTask<Boolean> asking = new FutureTask<>(() -> {
                Thread.currentThread().interrupt();
                return dynasty.inMemory("s", 1).isCreated() && Thread.interrupted();
            });
            Thread.ofPlatform().daemon().start(asking);
            dynasty.next();
            assertThat(asking.get()).isTrue();
        }
    }

    @Test
    void closingTakesEffectAtOnceAndTheNextBrokerDoesNotHearOfTheObject() throws Exception {
        try (Dynasty dynasty = new Dynasty(parent, LONG)) {
            Opening before = dynasty.inMemory("before", 1);
            Opening after = dynasty.inMemory("after", 1);
            dynasty.broker().script = (fake, message) -> {};
            FutureTask<Boolean> closing = start(before::close);
            dynasty.broker().next(Message.Close.class);
            dynasty.diesAndIsMissed();
            assertThat(closing.get()).isFalse();
            assertThat(after.close()).isFalse();
            FakeBroker next = dynasty.next();
            assertThat(until(next, Message.HandedOver.class)).noneMatch(Message.HandObject.class::isInstance);
        }
    }

    @Test
    void threadsThatEndOwningAMutexAreNoticed() throws Exception {
        try (Dynasty dynasty = new Dynasty(parent, LONG)) {
            Opening m = dynasty.client.create("m", Blueprint.mutex(false, false));
            dynasty.diesAndIsMissed();
            assertThat(start(() -> m.mutex().tryLock()).get()).isTrue();
            while (m.handle().value() != MutexRule.OWNER_DIED) {
                Thread.onSpinWait();
            }
            dynasty.next();
        }
    }

    @Test
    void aDomainThatIsClosedLeavesNothingAndItsWaitersKnow() throws Exception {
        OpenFiles.awaitClosed();
        List<String> filesBefore = OpenFiles.now();
        Dynasty dynasty = new Dynasty(parent, LONG);
        DomainDirectory directory = Objects.requireNonNull(dynasty.broker().directory().again());
        Opening s = dynasty.atBroker("s");
        FutureTask<Boolean> waiting = acquire(s);
        dynasty.broker().next(Message.Await.class);
        FutureTask<Integer> operating = start(() -> s.handle().attempt(SemaphoreRule.RELEASE, 1));
        dynasty.broker().next(Message.Operate.class);
        dynasty.diesAndIsMissed();
        dynasty.client.close();
        assertThatThrownBy(waiting::get).hasCauseInstanceOf(ObjectClosedException.class);
        assertThatThrownBy(operating::get).hasCauseInstanceOf(ObjectClosedException.class);
        try (directory; ClientsFile clients = Objects.requireNonNull(ClientsFile.open(directory))) {
            assertThat(clients.isHeld(CLIENT)).isFalse();
        }
        assertThat(threads()).isEmpty();
        OpenFiles.awaitClosed();
        assertThat(OpenFiles.now()).isEqualTo(filesBefore);
        dynasty.next();
        dynasty.close();
    }

    @Test
    void aDomainThatIsClosedWhileABrokerSaysNothingDoesNotWaitForIt() throws Exception {
        Dynasty dynasty = new Dynasty(parent, LONG);
        dynasty.dies();
        FakeBroker next = dynasty.next((fake, message) -> {});
        next.next(Message.Resume.class);
        dynasty.close();
        assertThat(threads()).isEmpty();
    }

    @Test
    void aDomainThatIsClosedWhileABrokerTakesOverDoesNotWaitForIt() throws Exception {
        Dynasty dynasty = new Dynasty(parent, LONG);
        Opening s = dynasty.atBroker("s");
        FutureTask<Boolean> waiting = acquire(s);
        dynasty.broker().next(Message.Await.class);
        dynasty.dies();
        FakeBroker next = dynasty.next((fake, message) -> {
            if (message instanceof Message.Resume) {
                fake.answer(message);
            }
        });
        next.next(Message.HandedOver.class);
        dynasty.close();
        assertThatThrownBy(waiting::get).hasCauseInstanceOf(ObjectClosedException.class);
        assertThat(threads()).isEmpty();
    }

    /** Without the one that serves the whole process, and the broker of the test too. */
    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("hybrid-sync") && !name.equals("hybrid-sync closer"))
                .toList();
    }

    @Test
    void manyBrokersLeaveNothing() throws Exception {
        OpenFiles.awaitClosed();
        List<String> filesBefore = OpenFiles.now();
        try (Dynasty dynasty = new Dynasty(parent, LONG)) {
            Opening s = dynasty.inMemory("s", 1);
            for (int i = 0; i < 20; i++) {
                dynasty.dies();
                dynasty.next();
                dynasty.settle();
                assertThat(s.handle().value()).isEqualTo(1);
            }
        }
        assertThat(threads()).isEmpty();
        OpenFiles.awaitClosed();
        assertThat(OpenFiles.now()).isEqualTo(filesBefore);
    }
}
