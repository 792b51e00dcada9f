package io.hybridsync.client;

import static io.hybridsync.client.Dynasty.acquire;
import static io.hybridsync.client.Dynasty.start;
import static io.hybridsync.client.Dynasty.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.ObjectClosedException;
import io.hybridsync.kernel.Stat;
import io.hybridsync.object.Ending;
import io.hybridsync.object.EventRule;
import io.hybridsync.object.Lease;
import io.hybridsync.object.Midway;
import io.hybridsync.object.MultiWait;
import io.hybridsync.object.Mutex;
import io.hybridsync.object.Result;
import io.hybridsync.object.Rule;
import io.hybridsync.object.SemaphoreRule;
import io.hybridsync.slab.Cell;
import io.hybridsync.wire.Channel;
import io.hybridsync.wire.ClientsFile;
import io.hybridsync.wire.DomainDirectory;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Token;
import io.hybridsync.wire.Told;
import io.hybridsync.wire.WaitOutcome;
import io.hybridsync.wire.Wanted;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a client says to the broker after the one that died, and in which order. */
@Timeout(60)
class SuccessionTest {

    private static final long OTHER = FakeBroker.SLAB + 1;
    private static final int CLIENT = 7;

    /** The value of an event that is not signaled and has been pulsed so often. */
    private static final long FIVE_PULSES = 5 << 2;

    @TempDir
    Path parent;

    private Dynasty dynasty;

    @BeforeEach
    void begin() {
        dynasty = new Dynasty(parent, Duration.ofSeconds(50));
    }

    @AfterEach
    void end() throws InterruptedException {
        dynasty.close();
    }

    private static Message.Awaited taken(int request) {
        return new Message.Awaited(request, WaitOutcome.TAKEN, 0, List.of());
    }

    /** What the broker has not read makes the kernel say that the connection was reset, before what the broker has sent. */
    @Test
    void whatTheDeadBrokerHasSentIsReadToTheEndBeforeAnythingIsHandedOver() throws Exception {
        Opening s = dynasty.atBroker("s");
        FakeBroker first = dynasty.broker();
        FutureTask<Boolean> waiting = acquire(s);
        int request = first.next(Message.Await.class).request();
        first.turn.acquire();
        s.residence().signaled(s.handle().portion());
        first.say(taken(request), null);
        first.die();
        assertThat(waiting.get()).as("granted, without another broker").isTrue();
        first.turn.release();
        dynasty.dies();
        FakeBroker next = dynasty.next();
        dynasty.settle();
        assertThat(next.heard).noneMatch(Message.Await.class::isInstance);
    }

    /**
     * The thread that has waited may not have run since: permits that it does not know of count as well, or the next broker
     * gives them to others.
     */
    @Test
    void whatTheDeadBrokerHasGrantedOfWhatIsLeasedIsHandedOverThoughItsWaiterDoesNotRun() throws Exception {
        FakeBroker first = dynasty.broker();
        first.script = SuccessionTest::answerAll;
        Opening s = dynasty.client.create("s", Blueprint.semaphore(9, 9).brokerOnly(true).leased(true));
        FutureTask<Boolean> waiting = new FutureTask<>(
                () -> s.handle().await(SemaphoreRule.ACQUIRE, 3, Cell.FOREVER, s));
        FutureTask<Integer> draining = new FutureTask<>(() -> s.handle().attempt(SemaphoreRule.DRAIN, 0));
        Thread.ofVirtual().start(waiting);
        Message.Await await = first.next(Message.Await.class);
        Thread.ofVirtual().start(draining);
        Message.Operate drain = first.next(Message.Operate.class);
        try (Busy _ = new Busy()) {
            first.say(taken(await.request()), null);
            first.say(new Message.Operated(drain.request(), 4), null);
            dynasty.dies();
            FakeBroker next = dynasty.next();
            assertThat(next.next(Message.HandObject.class).granted()).isEqualTo(7);
        }
        assertThat(waiting.get()).isTrue();
        assertThat(draining.get()).isEqualTo(4);
    }

    /** Where its word is this client does not know any more, for it does not follow it; and the slab may be gone. */
    @Test
    void whatIsBeingClosedIsNotHandedOver() throws InterruptedException {
        Opening s = dynasty.inMemory("s", 3);
        dynasty.inMemory("t", 3);
        s.residence().end();
        dynasty.dies();
        assertThat(until(dynasty.next(), Message.HandedOver.class))
                .filteredOn(Message.HandObject.class::isInstance)
                .extracting(message -> ((Message.HandObject) message).name())
                .containsExactly("t");
    }

    /** Who is in the middle of an operation may still change the word: until that is over the next broker has to hear of it. */
    @Test
    void whatIsLeasedIsHandedOverAsLongAsAnOperationIsUnderWay() throws Exception {
        FakeBroker first = dynasty.broker();
        first.script = SuccessionTest::answerAll;
        Opening s = dynasty.client.create("s", Blueprint.semaphore(9, 9).leased(true));
        Lease lease = Objects.requireNonNull(s.handle().portion().nature().lease());
        CountDownLatch underWay = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        FutureTask<Boolean> acquiring = start(() -> Midway.acquire(lease, () -> {
            underWay.countDown();
            goesOn.await();
            return true;
        }));
        underWay.await();
        FutureTask<Boolean> ending = start(() -> {
            s.residence().end();
            return true;
        });
        while (Thread.getAllStackTraces().values().stream().noneMatch(SuccessionTest::endsLease)) {
            Thread.onSpinWait();
        }
        dynasty.dies();
        FakeBroker next = dynasty.next(SuccessionTest::answerAll);
        assertThat(until(next, Message.HandedOver.class)).anyMatch(Message.HandObject.class::isInstance);
        assertThat(ending.isDone()).isFalse();
        goesOn.countDown();
        assertThat(acquiring.get()).isTrue();
        assertThat(ending.get()).isTrue();
    }

    private static boolean endsLease(StackTraceElement[] stack) {
        return Stream.of(stack).anyMatch(frame -> frame.getMethodName().equals("idleOwn"));
    }

    /** Or the next broker would begin to count at a pulse that let it go. */
    @Test
    void aWaitSaysSinceWhenItWaits() throws Exception {
        FakeBroker first = dynasty.broker();
        first.script = SuccessionTest::answerAll;
        Opening e = dynasty.client.create("e", Blueprint.event(false, false));
        Opening f = dynasty.client.create("f", Blueprint.event(false, false).brokerOnly(true));
        e.handle().attempt(EventRule.PULSE_MANUAL, 0);
        FutureTask<Result> any = start(() ->
                new MultiWait(List.of(e.handle(), f.handle()), null, Cell.FOREVER, this, true).any());
        Message.Await await = first.next(Message.Await.class);
        assertThat(await.wanted()).extracting(Wanted::argument).containsExactly(1, 5);
        FutureTask<Boolean> one = start(() -> f.handle().await(EventRule.AWAIT_MANUAL, EventRule.NOT_WAITING, Cell.FOREVER, f));
        Message.Await single = first.next(Message.Await.class);
        assertThat(single.wanted()).extracting(Wanted::argument).containsExactly(5);
        FutureTask<Result> all = start(() ->
                new MultiWait(List.of(e.handle(), f.handle()), f.handle(), Cell.FOREVER, this, true).all());
        Message.Await together = first.next(Message.Await.class);
        assertThat(together.wanted()).extracting(Wanted::argument)
                .containsExactly(EventRule.NOT_WAITING, EventRule.NOT_WAITING);
        assertThat(together.alert()).extracting(Wanted::argument).containsExactly(5);
        first.say(taken(await.request()), null);
        first.say(taken(single.request()), null);
        first.say(taken(together.request()), null);
        assertThat(any.get().index()).isZero();
        assertThat(one.get()).isTrue();
        assertThat(all.get().ending()).isEqualTo(Ending.TAKEN);
    }

    private static void answerAll(FakeBroker fake, Message message) {
        if (message instanceof Message.Sync sync) {
            fake.say(new Message.Done(sync.request()), null);
        } else if (message instanceof Message.Operate operate && operate.rule() == Rule.LOOK.code()) {
            fake.say(new Message.Operated(operate.request(), FIVE_PULSES), null);
        } else if (message instanceof Message.Operate operate && operate.rule() == EventRule.AWAIT_MANUAL.code()) {
            fake.say(new Message.Operated(operate.request(), ~FIVE_PULSES), null);
        } else {
            fake.answer(message);
        }
    }

    /** The thread that was signaled cannot lock the mutex yet: whoever is told its signal next is the next broker's affair. */
    @Test
    void aSignalThatIsNotUsedIsHandedOver() throws Exception {
        try (Signaled signaled = new Signaled()) {
            dynasty.dies();
            FakeBroker next = dynasty.next();
            assertThat(until(next, Message.HandedOver.class))
                    .contains(new Message.HandSignal(signaled.request, signaled.object, "c"));
            signaled.mutex.unlock();
            assertThat(signaled.waiting.get()).isTrue();
            assertThat(next.next(Message.ConditionLeft.class).awaited()).isEqualTo(signaled.request);
        }
    }

    /** It may have been handed over as not used, so the next broker hears of it in any case. */
    @Test
    void aSignalThatIsUsedWhileThereIsNoBrokerIsNotHandedOver() throws Exception {
        try (Signaled signaled = new Signaled()) {
            dynasty.diesAndIsMissed();
            signaled.mutex.unlock();
            assertThat(signaled.waiting.get()).isTrue();
            FakeBroker next = dynasty.next();
            assertThat(until(next, Message.HandedOver.class)).noneMatch(Message.HandSignal.class::isInstance);
            assertThat(next.next(Message.ConditionLeft.class).awaited()).isEqualTo(signaled.request);
        }
    }

    /** A thread that waits for a condition was signaled, and this one owns the mutex. */
    private final class Signaled implements AutoCloseable {

        final Mutex mutex;
        final FutureTask<Boolean> waiting;
        final int request;
        final long object;

        Signaled() throws InterruptedException {
            FakeBroker first = dynasty.broker();
            first.script = SuccessionTest::answerAll;
            Opening m = dynasty.client.create("m", Blueprint.mutex(false, false));
            mutex = m.mutex();
            waiting = start(() -> {
                mutex.lock(Cell.FOREVER, m);
                return m.condition(mutex, "c").await(Cell.FOREVER, m);
            });
            Message.ConditionAwait await = first.next(Message.ConditionAwait.class);
            request = await.request();
            object = await.object();
            mutex.lock(Cell.FOREVER, m);
            first.say(taken(request), null);
            dynasty.settle();
        }

        @Override
        public void close() {
            assertThat(mutex.holds()).isZero();
        }
    }

    /** Every processor that runs virtual threads is taken: no other of them runs before this is closed. */
    private static final class Busy implements AutoCloseable {

        private volatile boolean over;

        Busy() throws InterruptedException {
            int all = Runtime.getRuntime().availableProcessors();
            CountDownLatch running = new CountDownLatch(all);
            for (int i = 0; i < all; i++) {
                Thread.ofVirtual().start(() -> {
                    running.countDown();
                    while (!over) {
                        Thread.onSpinWait();
                    }
                });
            }
            running.await();
        }

        @Override
        public void close() {
            over = true;
        }
    }

    @Test
    void everythingIsHandedOverAndAskedAgainInItsOrder() throws Exception {
        FakeBroker first = dynasty.broker();
        first.say(new Message.Keep(Memory.OWN, OTHER, FakeBroker.SLAB_BYTES), first.ownMemory());
        first.say(new Message.Keep(Memory.OWN, FakeBroker.SLAB, FakeBroker.SLAB_BYTES), first.ownMemory());
        first.say(new Message.Keep(Memory.JOURNAL, 0, FakeBroker.SLAB_BYTES), first.ownMemory());
        Opening a = dynasty.inMemory("a", 3);
        Opening b = dynasty.atBroker("b");
        Location place = FakeBroker.opened(first.next(Message.Open.class), FakeBroker.SLAB).location();
        FutureTask<Boolean> queued = acquire(b);
        Message.Await await = first.next(Message.Await.class);
        first.say(new Message.Queued(await.request(), 77), null);
        FutureTask<Boolean> late = start(() -> b.handle().await(SemaphoreRule.ACQUIRE, 2, System.nanoTime(), b));
        Message.Await over = first.next(Message.Await.class);
        Message.Withdraw withdraw = first.next(Message.Withdraw.class);
        FutureTask<Integer> operating = start(() -> b.handle().attempt(SemaphoreRule.RELEASE, 4));
        Message.Operate operate = first.next(Message.Operate.class);
        dynasty.settle();
        dynasty.dies();

        FakeBroker next = dynasty.next();
        List<Message> heard = until(next, Message.Operate.class);
        assertThat(heard.getFirst()).isInstanceOfSatisfying(Message.Resume.class, resume ->
                assertThat(resume.clientId()).isEqualTo(CLIENT));
        assertThat(heard.subList(1, 4)).containsExactly(
                new Message.Hand(Memory.JOURNAL, 0, FakeBroker.SLAB_BYTES),
                new Message.Hand(Memory.OWN, FakeBroker.SLAB, FakeBroker.SLAB_BYTES),
                new Message.Hand(Memory.SLAB, FakeBroker.SLAB, FakeBroker.SLAB_BYTES));
        assertThat(heard.subList(4, 6)).containsExactlyInAnyOrder(
                handed(a, "a", Blueprint.semaphore(3, 9), place, Location.BROKER),
                handed(b, "b", Blueprint.semaphore(0, 9).brokerOnly(true), Location.BROKER,
                        new Location(FakeBroker.SLAB, 64, 1)));
        assertThat(heard.subList(6, heard.size())).containsExactly(
                new Message.HandTicket(await.request(), 77),
                new Message.HandTicket(over.request(), Message.HandTicket.NONE),
                new Message.HandTicket(operate.request(), Message.HandTicket.NONE),
                new Message.HandedOver(),
                await,
                over,
                withdraw,
                operate);

        next.say(new Message.Awaited(over.request(), WaitOutcome.WITHDRAWN, -1, List.of()), null);
        next.say(new Message.Operated(operate.request(), 0), null);
        next.say(taken(await.request()), null);
        assertThat(late.get()).isFalse();
        assertThat(operating.get()).isZero();
        assertThat(queued.get()).isTrue();
        dynasty.settle();
        assertThat(next.heard).singleElement().isInstanceOf(Message.ListObjects.class);
    }

    private static Message.HandObject handed(
            Opening object, String name, Blueprint blueprint, Location location, Location home) {
        return new Message.HandObject(
                object.object(),
                name,
                blueprint.spec(),
                new Token(object.tokenHigh(), object.tokenLow()),
                location,
                home,
                true,
                true,
                false,
                0,
                0,
                List.of());
    }

    @Test
    void theMemoryThatIsHandedOverIsTheOneThatWasGranted() throws Exception {
        FakeBroker first = dynasty.broker();
        Opening s = dynasty.inMemory("s", 3);
        int value = s.handle().attempt(SemaphoreRule.ACQUIRE, 1);
        assertThat(value).isEqualTo(3);
        dynasty.dies();
        FakeBroker next = dynasty.next();
        dynasty.settle();
        Channel.Received handed = next.handed.element();
        assertThat(Stat.of(handed.takeFd()).size()).isEqualTo(FakeBroker.SLAB_BYTES);
        assertThat(s.handle().value()).isEqualTo(2);
        assertThat(first).isNotSameAs(next);
    }

    @Test
    void theByteStaysLockedAlsoInAFileThatWasMadeAgain() throws Exception {
        DomainDirectory directory = Objects.requireNonNull(dynasty.broker().directory().again());
        List<Boolean> held = new ArrayList<>();
        try (directory; ClientsFile before = Objects.requireNonNull(ClientsFile.open(directory))) {
            dynasty.dies();
            assertThat(before.isHeld(CLIENT)).isTrue();
            directory.unlink(DomainDirectory.CLIENTS);
            FakeBroker next = dynasty.next((fake, message) -> {
                if (message instanceof Message.Resume) {
                    try (ClientsFile now = Objects.requireNonNull(ClientsFile.open(directory))) {
                        held.add(now.isHeld(CLIENT) && !before.isCurrent(directory));
                    }
                }
                fake.answer(message);
            });
            dynasty.settle();
            assertThat(held).containsExactly(true);
            assertThat(before.isHeld(CLIENT)).isTrue();
            assertThat(next.heard).isNotEmpty();
        }
    }

    @Test
    void aDirectoryThatWasRemovedIsLookedForAgain() throws Exception {
        DomainDirectory directory = Objects.requireNonNull(dynasty.broker().directory().again());
        dynasty.dies();
        try (directory) {
            List.of(DomainDirectory.SOCKET, DomainDirectory.CLIENTS, DomainDirectory.LOCK).forEach(directory::unlink);
            assertThat(directory.remove()).isTrue();
        }
        dynasty.next();
        dynasty.settle();
    }

    @Test
    void movesThatWereToldAndNotSeenAreHandedOverAndTheNextBrokerDecides() throws Exception {
        FakeBroker first = dynasty.broker();
        Opening s = dynasty.inMemory("s", 3);
        Location from = Objects.requireNonNull(s.handle().portion().location());
        Location to = new Location(OTHER, 128, 1);
        first.another(OTHER);
        first.word(to).replace(0, 5, 0);
        first.say(new Message.Moving(s.object(), 4, from, to), null);
        dynasty.settle();
        dynasty.dies();
        FakeBroker next = dynasty.next((fake, message) -> {
            if (message instanceof Message.HandedOver) {
                fake.say(new Message.Located(s.object(), to, Location.BROKER), null);
                fake.say(new Message.TakenOver(), null);
            } else {
                fake.answer(message);
            }
        });
        dynasty.settle();
        assertThat(hands(next)).containsExactly(FakeBroker.SLAB, OTHER);
        Message.HandObject handed = next.next(Message.HandObject.class);
        assertThat(handed.location()).isEqualTo(from);
        assertThat(handed.told()).containsExactly(new Told(4, to));
        assertThat(s.handle().portion().location()).isEqualTo(to);
        assertThat(s.handle().value()).isEqualTo(5);
    }

    private static List<Long> hands(FakeBroker broker) {
        return broker.handed.stream()
                .map(received -> ((Message.Hand) received.message()).id())
                .toList();
    }

    @Test
    void theLastMoveThatWasSeenIsToldAgainAndThePlaceThatWasLeftIsForgottenWithoutAnAcknowledgement() throws Exception {
        FakeBroker first = dynasty.broker();
        Opening s = dynasty.inMemory("s", 3);
        Location from = Objects.requireNonNull(s.handle().portion().location());
        Location to = new Location(OTHER, 128, 1);
        first.another(OTHER);
        first.word(to).replace(0, 5, 0);
        first.say(new Message.Moving(s.object(), 4, from, to), null);
        assertThat(first.word(from).replace(first.word(from).load(), 4, Word.MOVED)).isTrue();
        assertThat(s.handle().value()).isEqualTo(5);
        dynasty.dies();
        FakeBroker next = dynasty.next();
        dynasty.settle();
        Message.HandObject handed = next.next(Message.HandObject.class);
        assertThat(handed.location()).isEqualTo(to);
        assertThat(handed.told()).containsExactly(new Told(4, to));
        while (s.residence().places().left().findAny().isPresent()) {
            Thread.onSpinWait();
        }
        assertThat(next.heard).noneMatch(Message.Acknowledge.class::isInstance);
    }

    @Test
    void aSlabInWhichNothingIsAnyMoreIsLetGoAndMayBeGrantedAgain() throws Exception {
        FakeBroker first = dynasty.broker();
        Opening s = dynasty.inMemory("s", 3);
        first.another(OTHER);
        s.close();
        dynasty.dies();
        FakeBroker next = dynasty.next();
        dynasty.settle();
        assertThat(next.handed).isEmpty();
        assertThat(next.heard).noneMatch(Message.HandObject.class::isInstance);
        next.another(OTHER);
        assertThat(dynasty.inMemory("again", 2).handle().value()).isEqualTo(2);
    }

    @Test
    void aBrokerThatDiesWhileItTakesOverIsSucceededAsWell() throws Exception {
        Opening s = dynasty.atBroker("s");
        FutureTask<Boolean> waiting = acquire(s);
        int request = dynasty.broker().next(Message.Await.class).request();
        dynasty.dies();
        for (Class<? extends Message> last :
                List.of(Message.Resume.class, Message.HandObject.class, Message.HandedOver.class, Message.Await.class)) {
            dynasty.next((fake, message) -> {
                if (last.isInstance(message)) {
                    fake.die();
                } else if (!(message instanceof Message.HandedOver)) {
                    fake.answer(message);
                }
            });
            until(dynasty.broker(), last);
            dynasty.dies();
        }
        FakeBroker next = dynasty.next();
        assertThat(next.next(Message.Await.class).request()).isEqualTo(request);
        next.say(taken(request), null);
        assertThat(waiting.get()).isTrue();
    }

    @Test
    void aSignalInTheGapIsToldAfterwardsAndThrowsNothing() throws Exception {
        FakeBroker first = dynasty.broker();
        Opening s = dynasty.inMemory("s", 0);
        Location place = Objects.requireNonNull(s.handle().portion().location());
        assertThat(first.word(place).replace(first.word(place).load(), 0, Word.WAKE_BROKER)).isTrue();
        first.die();
        for (int i = 0; i < 3; i++) {
            assertThat(s.handle().attempt(SemaphoreRule.RELEASE, 1)).isEqualTo(i);
        }
        dynasty.diesAndIsMissed();
        assertThat(s.handle().attempt(SemaphoreRule.RELEASE, 1)).isEqualTo(3);
        FakeBroker next = dynasty.next();
        List<Message> heard = until(next, Message.Signaled.class);
        assertThat(heard).element(heard.size() - 2).isInstanceOf(Message.HandedOver.class);
    }

    /** A new broker that is stopped for a moment takes longer; nobody spins, and everything comes in the end. */
    @Test
    void thereMayBeNoRoomForAllAtOnce() throws Exception {
        dynasty.broker().script = (fake, message) -> {
            if (message instanceof Message.Open open) {
                fake.say(FakeBroker.opened(open, FakeBroker.SLAB), null);
            } else {
                fake.answer(message);
            }
        };
        dynasty.broker().another(FakeBroker.SLAB);
        int many = 900;
        IntStream.range(0, many).forEach(i -> dynasty.inMemory("s" + i, 1));
        dynasty.dies();
        FakeBroker next = dynasty.next();
        until(next, Message.Resume.class);
        next.turn.acquire();
        FutureTask<Integer> asking = start(() -> dynasty.client.objects().size());
        next.turn.release();
        assertThat(asking.get()).isZero();
        assertThat(next.heard.stream().filter(Message.HandObject.class::isInstance)).hasSize(many);
    }

    @Test
    void aBrokerIsStartedByWhoeverMissesIt(@TempDir Path other) throws Exception {
        AtomicReference<@Nullable Dynasty> dynasty = new AtomicReference<>();
        List<List<String>> started = new ArrayList<>();
        Starter starter = arguments -> {
            started.add(arguments);
            Objects.requireNonNull(dynasty.get()).next();
            return new Running();
        };
        try (Dynasty spawning = new Dynasty(other, Duration.ofSeconds(50), Optional.of(starter))) {
            dynasty.set(spawning);
            spawning.dies();
            spawning.settle();
            assertThat(started).singleElement().satisfies(arguments -> assertThat(arguments).contains("--claim-millis=10000"));
        }
    }

    /** A broker that ends meanwhile is not missed: what waits for an answer is refused, and closing goes on. */
    @Test
    void aClientThatIsBeingClosedLooksForNoOtherBroker(@TempDir Path other) throws Exception {
        AtomicReference<@Nullable Dynasty> dynasty = new AtomicReference<>();
        List<List<String>> started = new CopyOnWriteArrayList<>();
        Starter starter = arguments -> {
            started.add(arguments);
            Objects.requireNonNull(dynasty.get()).next();
            return new Running();
        };
        try (Dynasty spawning = new Dynasty(other, Duration.ofSeconds(50), Optional.of(starter))) {
            dynasty.set(spawning);
            spawning.broker().script = (fake, message) -> {};
            FutureTask<Opening> opening = start(() -> spawning.inMemory("s", 1));
            spawning.broker().next(Message.Open.class);
            FutureTask<Boolean> closing = new FutureTask<>(spawning.client::close, true);
            Thread closer = Thread.ofPlatform().daemon().start(closing);
            while (LockSupport.getBlocker(closer) == null) {
                Thread.onSpinWait();
            }
            spawning.dies();
            assertThat(closing.get()).isTrue();
            assertThat(started).isEmpty();
            assertThatThrownBy(opening::get).hasCauseInstanceOf(ObjectClosedException.class);
            spawning.next();
        }
    }

    /** A broker that was started and is well. */
    record Running() implements Starter.Started {

        @Override
        public @Nullable String failure() {
            return null;
        }

        @Override
        public void close() {}
    }
}
