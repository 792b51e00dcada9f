package io.hybridsync.client;

import static io.hybridsync.client.Dynasty.acquire;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.error.CorruptedObjectException;
import io.hybridsync.object.MultiWait;
import io.hybridsync.object.Portion;
import io.hybridsync.slab.Cell;
import io.hybridsync.wire.ClientsFile;
import io.hybridsync.wire.Code;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Version;
import io.hybridsync.wire.WaitOutcome;
import io.hybridsync.word.Location;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client from which a broker takes everything: nobody may operate on words any more that are no longer its own. */
@Timeout(60)
class LostTest {

    @TempDir
    Path parent;

    private Dynasty dynasty;
    private Opening memory;
    private Opening empty;
    private Opening atBroker;
    private FutureTask<Boolean> sleeping;
    private FutureTask<?> sleepingOnBoth;
    private FutureTask<Boolean> waiting;

    @BeforeEach
    void begin() throws InterruptedException {
        dynasty = new Dynasty(parent, Duration.ofSeconds(50));
        memory = dynasty.inMemory("memory", 2);
        empty = dynasty.inMemory("empty", 0);
        Opening other = dynasty.inMemory("other", 0);
        atBroker = dynasty.atBroker("at broker");
        sleeping = acquire(empty);
        MultiWait both = dynasty.client.waitFor(List.of(empty, other), null, Cell.FOREVER, this);
        sleepingOnBoth = Dynasty.start(both::any);
        waiting = acquire(atBroker);
        dynasty.broker().next(Message.Await.class);
        while (!other.handle().portion().isOnSlowPath() || !empty.handle().portion().isOnSlowPath()) {
            Thread.onSpinWait();
        }
    }

    @AfterEach
    void end() {
        dynasty.broker().script = (fake, message) -> {
            if (message instanceof Message.Withdraw withdraw) {
                fake.say(new Message.Awaited(withdraw.awaited(), WaitOutcome.WITHDRAWN, -1, List.of()), null);
            } else {
                fake.answer(message);
            }
        };
        dynasty.close();
    }

    private static Message.Refused refused(Code code) {
        return new Message.Refused(Version.MAJOR, Version.MINOR, code, "for a test");
    }

    private void assertLost(String why) {
        for (FutureTask<?> thread : List.of(sleeping, sleepingOnBoth, waiting)) {
            assertThatThrownBy(thread::get)
                    .hasCauseInstanceOf(BrokerUnavailableException.class)
                    .hasMessageContaining("pen the domain anew")
                    .hasMessageContaining(why);
        }
        for (Opening opening : List.of(memory, empty, atBroker)) {
            assertThatThrownBy(opening.handle()::value)
                    .isInstanceOf(BrokerUnavailableException.class)
                    .hasMessageContaining(why);
        }
        assertThatThrownBy(() -> dynasty.inMemory("more", 1)).isInstanceOf(BrokerUnavailableException.class);
        assertThat(memory.close()).isFalse();
        assertThat(atBroker.close()).isFalse();
    }

    @Test
    void whoComesTooLateHasLostItsHandles() throws Exception {
        dynasty.dies();
        dynasty.next((fake, message) -> fake.say(refused(Code.LOST), null));
        assertLost("for a test");
    }

    @Test
    void whoIsExpelledHasLostItsHandles() {
        dynasty.broker().say(refused(Code.PROTOCOL), null);
        assertLost("for a test");
    }

    @Test
    void whoIsExpelledWhileItHandsOverHasLostItsHandles() throws Exception {
        dynasty.dies();
        dynasty.next((fake, message) -> {
            if (message instanceof Message.HandedOver) {
                fake.say(refused(Code.PROTOCOL), null);
            } else {
                fake.answer(message);
            }
        });
        assertLost("for a test");
    }

    @Test
    void whoDoesNotUnderstandTheBrokerHasLostItsHandles() {
        dynasty.broker().say(new Message.Welcome(Version.MAJOR, Version.MINOR, 7, 1), null);
        assertLost("which is not its turn");
    }

    @Test
    void whoIsTakenForSomebodyElseHasLostItsHandles() throws Exception {
        dynasty.dies();
        dynasty.next((fake, message) -> fake.say(new Message.Welcome(Version.MAJOR, Version.MINOR, 8, 2), null));
        assertLost("takes client 7 for client 8");
    }

    /** Or every next broker would wait for it: it cannot write any more. Its memory is not in this process any more either. */
    @Test
    void whoHasLostEverythingIsNotTakenForSomebodyWhoLives() {
        int id = FakeBroker.CLIENT;
        try (ClientsFile clients = Objects.requireNonNull(ClientsFile.open(dynasty.broker().directory()))) {
            assertThat(clients.isHeld(id)).isTrue();
            Portion portion = memory.handle().portion();
            Location place = Objects.requireNonNull(portion.location());
            Cell before = Objects.requireNonNull(portion.slotAt(place)).cell();
            assertThat(before.load()).isNotZero();
            dynasty.broker().say(refused(Code.PROTOCOL), null);
            assertLost("for a test");
            while (clients.isHeld(id)) {
                Thread.onSpinWait();
            }
            assertThat(before.load()).isZero();
            before.store(1);
        }
        assertThat(dynasty.client.isClosed()).isFalse();
    }

    @Test
    void whoWasOnlyTooSlowTriesAgain() throws Exception {
        dynasty.dies();
        dynasty.next((fake, message) -> {
            fake.turnAway(2, Code.LATE);
            fake.script.heard(fake, message);
        });
        dynasty.settle();
        assertThat(memory.handle().value()).isEqualTo(2);
    }

    /** There was no room for what it hands over, for which it could do nothing: the broker says that it may come again. */
    @Test
    void whoIsLateWhileItHandsOverTriesAgain() throws Exception {
        dynasty.dies();
        AtomicInteger tries = new AtomicInteger();
        FakeBroker next = dynasty.next((fake, message) -> {
            if (message instanceof Message.HandedOver && tries.getAndIncrement() == 0) {
                fake.expectsAnother();
                fake.say(refused(Code.LATE), null);
            } else {
                fake.answer(message);
            }
        });
        for (int i = 0; i < 2; i++) {
            var _ = next.next(Message.HandedOver.class);
        }
        dynasty.settle();
        assertThat(memory.handle().value()).isEqualTo(2);
    }

    @Test
    void aWordThatWasFoundBadIsHandedOverAsSuch() throws Exception {
        Location place = Objects.requireNonNull(memory.handle().portion().location());
        long bad = dynasty.broker().word(place).load() ^ 1;
        assertThat(dynasty.broker().word(place).cell().compareAndSet(dynasty.broker().word(place).load(), bad)).isTrue();
        assertThatThrownBy(memory.handle()::value).isInstanceOf(CorruptedObjectException.class);
        dynasty.dies();
        FakeBroker next = dynasty.next();
        dynasty.settle();
        Message.HandObject handed = next.next(Message.HandObject.class);
        while (handed.object() != memory.object()) {
            handed = next.next(Message.HandObject.class);
        }
        assertThat(handed.corrupted()).isTrue();
        assertThat(handed.badWord()).isEqualTo(bad);
        assertThat(handed.location()).isEqualTo(place);
    }
}
