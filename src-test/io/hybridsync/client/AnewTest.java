package io.hybridsync.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.kernel.Stat;
import io.hybridsync.object.Portion;
import io.hybridsync.object.SemaphoreRule;
import io.hybridsync.slab.Cell;
import io.hybridsync.slab.Slot;
import io.hybridsync.wire.ClientsFile;
import io.hybridsync.wire.Code;
import io.hybridsync.wire.DomainDirectory;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Version;
import io.hybridsync.word.Word;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client that a broker does not know any more, and that has nothing to lose: it is another one from then on. */
@Timeout(60)
class AnewTest {

    private static final int ANOTHER = FakeBroker.CLIENT + 1;
    private static final Blueprint LEASED = Blueprint.semaphore(9, 9).leased(true);

    @TempDir
    Path parent;

    private Dynasty dynasty;

    @BeforeEach
    void begin() {
        dynasty = new Dynasty(parent, Duration.ofSeconds(50));
        dynasty.broker().script = AnewTest::answer;
    }

    @AfterEach
    void end() {
        dynasty.close();
    }

    private static void answer(FakeBroker fake, Message message) {
        switch (message) {
            case Message.Hello _ -> fake.say(new Message.Welcome(Version.MAJOR, Version.MINOR, ANOTHER, 1), null);
            case Message.Sync sync -> fake.say(new Message.Done(sync.request()), null);
            default -> fake.answer(message);
        }
    }

    private static Message.Refused refused(Code code) {
        return new Message.Refused(Version.MAJOR, Version.MINOR, code, "a rule");
    }

    private static void refuse(FakeBroker fake, FakeBroker.Script then) {
        fake.turnAway(1, Code.LOST);
        fake.script.heard(fake, new Message.HandedOver());
        fake.script = (next, message) -> greeted(next, message, then);
    }

    /** What the old client has still said is nobody's. */
    private static void greeted(FakeBroker fake, Message message, FakeBroker.Script then) {
        if (message instanceof Message.Hello) {
            fake.script = then;
            then.heard(fake, message);
        }
    }

    /** There is a broker for which the client comes too late. */
    private FakeBroker another(FakeBroker.Script then) {
        return dynasty.next((fake, message) -> refuse(fake, then));
    }

    private void assertNew(FakeBroker broker) throws InterruptedException {
        List<Message> heard = Dynasty.until(broker, Message.Alive.class);
        assertThat(heard).hasExactlyElementsOfTypes(Message.Resume.class, Message.Hello.class, Message.Alive.class);
    }

    @Test
    void whoHasNothingOpenIsAnotherClientAndItsUserDoesNotNotice() throws Exception {
        dynasty.inMemory("before", 1).close();
        dynasty.dies();
        FakeBroker next = another(AnewTest::answer);
        Opening opening = dynasty.client.create("mutex", Blueprint.mutex(false, false));
        assertNew(next);
        assertThat(next.heard).singleElement().isInstanceOf(Message.Open.class);
        opening.mutex().lock(Cell.FOREVER, this);
        Slot word = next.word(Objects.requireNonNull(opening.handle().portion().location()));
        assertThat(Word.data(word.load()) & Word.VALUE).as("who owns it").isEqualTo(ANOTHER);
        opening.mutex().unlock();
        opening.close();
    }

    /** That the id was free again shows nothing: this is a new client all the same. */
    @Test
    void whoIsGivenItsOldIdAgainIsAnotherClientToo() throws Exception {
        dynasty.dies();
        FakeBroker next = another(FakeBroker::answer);
        dynasty.inMemory("a", 1).close();
        assertNew(next);
        dynasty.client.close();
        assertThat(Dynasty.until(next, Message.Leave.class)).as("it is served").hasExactlyElementsOfTypes(
                Message.Open.class, Message.Close.class, Message.Leave.class);
    }

    @Test
    void whoHasAnObjectOpenThatNobodyUsesHasLostIt() throws Exception {
        Opening opening = dynasty.inMemory("a", 3);
        dynasty.dies();
        another(AnewTest::answer);
        assertThatThrownBy(dynasty::settle).isInstanceOf(BrokerUnavailableException.class).hasMessageContaining("turned away");
        assertThatThrownBy(opening.handle()::value).isInstanceOf(BrokerUnavailableException.class);
    }

    @Test
    void whatWasAskedAndNotAnsweredIsAskedAgain() throws Exception {
        dynasty.broker().script = (fake, message) -> {};
        FutureTask<Opening> opening = Dynasty.start(() -> dynasty.inMemory("a", 3));
        FutureTask<List<Description>> listing = Dynasty.start(dynasty.client::objects);
        dynasty.broker().next(Message.ListObjects.class);
        dynasty.dies();
        another(AnewTest::answer);
        assertThat(opening.get().handle().value()).isEqualTo(3);
        assertThat(listing.get()).isEmpty();
    }

    /** Also if it has handed over already that there is nothing. It ends the connection itself. */
    @Test
    void whoIsToldOnlyWhenAllIsTakenOverIsAnotherClient() throws Exception {
        dynasty.dies();
        FakeBroker next = dynasty.next((fake, message) -> {
            if (message instanceof Message.HandedOver) {
                fake.expectsAnother();
                fake.say(refused(Code.LOST), null);
                fake.script = (again, said) -> greeted(again, said, AnewTest::answer);
            } else {
                fake.answer(message);
            }
        });
        assertThat(dynasty.inMemory("a", 3).handle().value()).isEqualTo(3);
        List<Message> heard = Dynasty.until(next, Message.Alive.class);
        assertThat(heard.stream().filter(message -> !(message instanceof Message.Open)))
                .hasExactlyElementsOfTypes(Message.Resume.class, Message.HandedOver.class, Message.Hello.class, Message.Alive.class);
    }

    /** The old byte is free and the new one locked: the old client is dead, and no next broker waits for it. */
    @Test
    void theOldClientIsDeadAndTheNewOneComesBackToTheNextBroker() throws Exception {
        Opening opening = dynasty.inMemory("before", 1);
        Portion portion = opening.handle().portion();
        Cell cell = Objects.requireNonNull(portion.slotAt(Objects.requireNonNull(portion.location()))).cell();
        assertThat(cell.load()).isNotZero();
        opening.close();
        dynasty.dies();
        FakeBroker next = another(AnewTest::answer);
        try (ClientsFile clients = Objects.requireNonNull(ClientsFile.open(next.directory()))) {
            dynasty.settle();
            assertThat(clients.isHeld(FakeBroker.CLIENT)).isFalse();
            assertThat(clients.isHeld(ANOTHER)).isTrue();
            assertThat(clients.isHeld(0)).as("nobody's").isFalse();
        }
        assertThat(cell.load()).as("what it could write to").isZero();
        Opening a = dynasty.inMemory("a", 3);
        dynasty.dies();
        FakeBroker third = dynasty.next();
        dynasty.settle();
        assertThat(third.next(Message.Resume.class).clientId()).isEqualTo(ANOTHER);
        assertThat(third.next(Message.HandObject.class).object()).isEqualTo(a.object());
    }

    /** The broker that would not have the client may have the old one, as that of somebody who is dead. */
    @Test
    void noLedgerOfTheOldClientIsTheNewOnes() throws Exception {
        dynasty.client.create("a", LEASED).close();
        long before = file(dynasty.broker());
        dynasty.dies();
        FakeBroker next = another(AnewTest::answer);
        Opening again = dynasty.client.create("a", LEASED);
        assertThat(file(next)).isNotEqualTo(before);
        assertThat(again.handle().attempt(SemaphoreRule.ACQUIRE, 2)).isNotNegative();
        again.close();
    }

    private static long file(FakeBroker broker) throws InterruptedException {
        Message.Hand hand = broker.next(Message.Hand.class);
        assertThat(hand.memory()).isEqualTo(Memory.LEDGER);
        return Stat.of(broker.handed.element().takeFd()).inode();
    }

    @Test
    void noJournalOfTheDeadIsHandedOver() throws Exception {
        FakeBroker first = dynasty.broker();
        first.say(new Message.Keep(Memory.JOURNAL, 0, FakeBroker.SLAB_BYTES), first.ownMemory());
        dynasty.settle();
        dynasty.dies();
        another(AnewTest::answer);
        dynasty.settle();
        dynasty.dies();
        FakeBroker third = dynasty.next();
        dynasty.settle();
        assertThat(Dynasty.until(third, Message.HandedOver.class))
                .hasExactlyElementsOfTypes(Message.Resume.class, Message.HandedOver.class);
    }

    /** A cleaner has deleted the file, and somebody who has come since has the id. */
    @Test
    void whoseIdHasBeenGivenToAnotherIsAnotherClient() throws Exception {
        FakeBroker first = dynasty.broker();
        first.directory().unlink(DomainDirectory.CLIENTS);
        try (ClientsFile clients = Objects.requireNonNull(ClientsFile.open(first.directory()))) {
            assertThat(clients.lock(FakeBroker.CLIENT)).isTrue();
            dynasty.dies();
            dynasty.next(AnewTest::answer);
            assertThat(dynasty.inMemory("a", 3).handle().value()).isEqualTo(3);
        }
    }

    @Test
    void whoIsExpelledHasLostTheDomainAlsoIfNothingIsOpen() throws Exception {
        for (Code code : List.of(Code.PROTOCOL, Code.LIMIT)) {
            try (Dynasty other = new Dynasty(parent.resolve("" + code), Duration.ofSeconds(50))) {
                other.dies();
                other.next((fake, message) -> fake.say(refused(code), null));
                assertExpelled(other);
            }
            try (Dynasty other = new Dynasty(parent.resolve("served " + code), Duration.ofSeconds(50))) {
                other.broker().script = (fake, message) -> fake.say(refused(code), null);
                assertExpelled(other);
            }
        }
    }

    private static void assertExpelled(Dynasty other) {
        assertThatThrownBy(other::settle)
                .isInstanceOf(BrokerUnavailableException.class)
                .hasMessageContaining("a rule");
    }
}
