package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.kernel.Errno;
import io.hybridsync.kernel.Memfd;
import io.hybridsync.kernel.SeqPacket;
import io.hybridsync.wire.Channel;
import io.hybridsync.wire.ClientsFile;
import io.hybridsync.wire.Code;
import io.hybridsync.wire.Codec;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Mode;
import io.hybridsync.wire.Version;
import io.hybridsync.word.Kind;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What clients do to a broker on the real kernel, well-behaved and other. */
@Timeout(60)
class BrokerTest {

    @RegisterExtension
    final BrokerFixture broker = new BrokerFixture();

    @Test
    void twoClientsMeetByName() {
        broker.start();
        TestClient one = broker.client();
        TestClient two = broker.client();
        assertThat(two.id()).isNotEqualTo(one.id());

        Message.Opened created = one.opened(Mode.OPEN_OR_CREATE, "jobs");
        Message.Opened opened = two.opened(Mode.OPEN, "jobs");

        assertThat(created.created()).isTrue();
        assertThat(opened.created()).isFalse();
        assertThat(opened.location()).isNotEqualTo(created.location());
        assertThat(one.names()).containsExactly("jobs");
        assertThat(two.grants()).extracting(Message.SlabGrant::slab).containsExactly(opened.location().slab());
        assertThat(one.grants()).extracting(Message.SlabGrant::slab).contains(opened.location().slab());
        assertThat(one.closeObject(created.object())).isInstanceOf(Message.Done.class);
        assertThat(two.names()).containsExactly("jobs");
        assertThat(two.closeObject(opened.object())).isInstanceOf(Message.Done.class);
        assertThat(two.names()).isEmpty();
    }

    @Test
    void theDeathOfAClientIsNoticed() {
        broker.start();
        TestClient one = broker.client();
        TestClient two = broker.client();
        one.opened(Mode.CREATE, "a");
        one.close();
        awaitNoObjects(two);
        assertThat(broker.client().id()).isGreaterThan(two.id());
    }

    @Test
    void theEndOfAConnectionMayBeSeenBeforeTheDeath() {
        broker.start(broker.quick().withTimes(Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(1)));
        TestClient one = broker.client();
        TestClient two = broker.client();
        one.opened(Mode.CREATE, "a");
        one.disconnect();
        assertThat(two.names()).as("still looking").containsExactly("a");
        one.close();
        awaitNoObjects(two);
        assertThat(broker.log()).doesNotContain("lost its connection");
    }

    @Test
    void whoLosesTheConnectionAndLivesLosesItsHandlesToo() {
        broker.start();
        TestClient one = broker.client();
        TestClient two = broker.client();
        one.opened(Mode.CREATE, "a");
        one.disconnect();
        awaitNoObjects(two);
        assertThat(broker.log()).contains("client " + one.id() + " lives, but has lost its connection");
        for (int i = 0; i < 5; i++) {
            assertThat(broker.client().id()).isNotEqualTo(one.id());
        }
    }

    /** Each look is a round trip, so this is no busy loop of anybody's state machine. */
    private static void awaitNoObjects(TestClient observer) {
        while (!observer.names().isEmpty()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void strangersBytesAreRefused() {
        broker.start();
        TestClient witness = broker.client();
        Random random = new Random(1);
        for (int length = 1; length < 3000; length += 1 + length / 3) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            TestClient stranger = broker.stranger();
            assertThat(stranger.channel().trySend(ByteBuffer.wrap(bytes), null)).isEqualTo(length);
            assertThat(stranger.refusal()).contains("message");
        }
        assertThat(witness.names()).isEmpty();
    }

    @Test
    void aClientThatSaysNonsenseIsExpelledAndNobodyElseNotices() {
        broker.start();
        TestClient witness = broker.client();
        witness.opened(Mode.CREATE, "a");
        TestClient bad = broker.client();
        bad.opened(Mode.OPEN, "a");
        bad.opened(Mode.CREATE, "b");
        ByteBuffer frame = Codec.encode(new Message.Close(1, 2));
        frame.put(20, (byte) 99);
        assertThat(bad.channel().trySend(frame, null)).isPositive();
        assertThat(bad.refusal()).contains("message");
        assertThat(witness.names()).containsExactly("a");
        assertThat(broker.log()).contains("client " + bad.id()).contains("is expelled");
    }

    @Test
    void packetsThatAreTooLongAreRefused() {
        broker.start();
        TestClient stranger = broker.stranger();
        assertThat(stranger.channel().trySend(ByteBuffer.allocate(Codec.MAX_FRAME + 1), null)).isPositive();
        assertThat(stranger.refusal()).contains("larger");
    }

    @Test
    void anotherMajorVersionIsRefusedWithBothNamed() {
        broker.start();
        TestClient stranger = broker.stranger();
        stranger.send(new Message.Hello(Version.MAJOR + 1, 4, ""));
        Message.Refused refused = (Message.Refused) stranger.next();
        assertThat(refused.major()).isEqualTo(Version.MAJOR);
        assertThat(refused.reason()).contains("2.4").contains("1.0");
        stranger.awaitEnd();
    }

    @Test
    void whoNeverSpeaksIsDropped() {
        broker.start(broker.quick().withTimes(Duration.ofMillis(50), Duration.ofMillis(50), Duration.ofSeconds(1)));
        TestClient witness = broker.client();
        TestClient silent = broker.stranger();
        TestClient half = broker.stranger();
        half.send(new Message.Hello(Version.MAJOR, Version.MINOR, ""));
        assertThat(half.next()).isInstanceOf(Message.Welcome.class);
        assertThat(silent.refusal()).contains("in time");
        assertThat(half.refusal()).contains("in time");
        assertThat(witness.names()).isEmpty();
    }

    @Test
    void whoClaimsALockItDoesNotHoldIsRefused() {
        broker.start();
        TestClient liar = broker.stranger();
        liar.send(new Message.Hello(Version.MAJOR, Version.MINOR, ""));
        liar.next();
        liar.send(new Message.Alive());
        assertThat(liar.refusal()).contains("lock");
    }

    @Test
    void descriptorsThatAreSentToTheBrokerAreClosedAndTheirSenderExpelled() {
        broker.start();
        TestClient bad = broker.client();
        TestClient witness = broker.client();
        try (Memfd memfd = Memfd.create("a test", 4096)) {
            ByteBuffer frame = Codec.encode(new Message.ListObjects(1, 0));
            assertThat(bad.channel().trySend(frame, memfd.fd())).isPositive();
            assertThat(bad.refusal()).contains("descriptors");
            TestClient grantor = broker.client();
            ByteBuffer grant = Codec.encode(new Message.SlabGrant(1, 4096));
            assertThat(grantor.channel().trySend(grant, memfd.fd())).isPositive();
            assertThat(grantor.refusal()).contains("SlabGrant");
        }
        assertThat(witness.names()).isEmpty();
        // The fixture looks whether a descriptor is left.
    }

    @Test
    void aFloodThatIsNotReadIsExpelledAndNobodyElseWaits() {
        broker.start(broker.quick().withQuotas(100, 1000, 1000, 1 << 24, 1 << 16));
        TestClient witness = broker.client();
        for (int i = 0; i < 100; i++) {
            witness.opened(Mode.CREATE, "an object with a long name, of which there are many: " + i);
        }
        TestClient flood = broker.client();
        ByteBuffer list = Codec.encode(new Message.ListObjects(1, 0));
        int sent = flood.channel().trySend(list, null);
        while (sent > 0 || sent == -Errno.EAGAIN) {
            assertThat(witness.open(Mode.CREATE, "an object with a long name, of which there are many: 1"))
                    .isInstanceOf(Message.Failed.class);
            sent = flood.channel().trySend(list, null);
        }
        flood.awaitEnd();
        assertThat(witness.names()).hasSize(100);
        assertThat(broker.log()).contains("client " + flood.id()).contains("does not read");
    }

    /** Its answers wait while it stands still, and others have used up the heap. */
    @Test
    void whoDoesNotReadForAMomentIsNotExpelledForWhatOthersTake() {
        broker.start(broker.quick().withQuotas(100, 100_000, 100_000, 1 << 20, 8 << 20));
        TestClient innocent = broker.client();
        TestClient greedy = broker.client();
        String name = "n".repeat(900);
        int objects = 0;
        while (greedy.open(Mode.CREATE, name + objects) instanceof Message.Opened) {
            objects++;
        }
        while (greedy.open(Mode.CREATE, "") instanceof Message.Opened) {
            objects++;
        }
        int requests = 400;
        for (int request = 1; request <= requests; request++) {
            innocent.send(new Message.ListObjects(request, Long.MAX_VALUE - 1));
        }
        assertThat(greedy.open(Mode.CREATE, "")).isInstanceOf(Message.Failed.class);
        for (int request = 1; request <= requests; request++) {
            assertThat(innocent.next()).isEqualTo(new Message.Listing(request, false, List.of()));
        }
    }

    @Test
    void answersThatWaitForRoomComeInOrder() {
        broker.start();
        TestClient client = broker.client();
        String name = "x".repeat(900);
        for (int i = 0; i < 60; i++) {
            client.opened(Mode.CREATE, name + i);
        }
        int requests = 100;
        for (int request = 1; request <= requests; request++) {
            client.send(new Message.ListObjects(request, 0));
        }
        for (int request = 1; request <= requests; request++) {
            Message.Listing listing = (Message.Listing) client.next();
            assertThat(listing.request()).isEqualTo(request);
            assertThat(listing.entries().size()).isGreaterThan(10);
        }
    }

    /**
     * The slab is gone when there is room for its descriptor: or the broker would try again and again, and never bury the
     * client.
     */
    @Test
    void aSlabThatIsGivenBackBeforeItCouldBeSentIsTheEndOfTheConnection() {
        broker.start();
        TestClient witness = broker.client();
        for (int i = 0; i < 60; i++) {
            witness.opened(Mode.CREATE, "x".repeat(900) + i);
        }
        TestClient client = broker.client();
        for (int request = 1; request <= 100; request++) {
            client.send(new Message.ListObjects(request, 0));
        }
        client.send(new Message.Open(101, Mode.CREATE, Kind.SEMAPHORE, "mine", Bench.TWO_PERMITS, false));
        client.send(new Message.Leave(102));
        assertThat(witness.names()).isNotEmpty();
        client.awaitEnd();
        client.close();
        assertThat(witness.open(Mode.CREATE, "mine")).isInstanceOf(Message.Opened.class);
        assertThat(broker.log()).contains("cannot be sent");
    }

    @Test
    void aFileOfClientsThatACleanerDeletedIsMadeAgain() {
        broker.start();
        TestClient one = broker.client();
        one.opened(Mode.CREATE, "a");
        broker.directory().unlink("clients");
        TestClient two = broker.client();
        assertThat(two.names()).containsExactly("a");
        assertThat(two.id()).isGreaterThan(one.id());
        one.disconnect();
        one.close();
        awaitNoObjects(two);
    }

    @Test
    void anIdWhoseByteSomebodyHoldsIsNotIssued() {
        try (ClientsFile file = Objects.requireNonNull(ClientsFile.open(broker.directory()))) {
            assertThat(file.lock(1)).isTrue();
            assertThat(file.lock(2)).isTrue();
            broker.start();
            assertThat(broker.client().id()).isEqualTo(3);
        }
    }

    @Test
    void quotasAreAnswersNotTheEnd() {
        broker.start(broker.quick().withQuotas(2, 1, 1, 1 << 20, 1 << 20));
        TestClient one = broker.client();
        broker.client();
        one.opened(Mode.CREATE, "a");
        assertThat(one.open(Mode.CREATE, "b"))
                .isInstanceOfSatisfying(Message.Failed.class, failed ->
                        assertThat(failed.code()).isEqualTo(Code.LIMIT));
        TestClient third = broker.stranger();
        third.send(new Message.Hello(Version.MAJOR, Version.MINOR, ""));
        assertThat(third.refusal()).contains("limit");
        assertThat(one.names()).containsExactly("a");
    }

    @Test
    void aConnectionThatIsClosedBeforeItIsTakenHarmsNobody() {
        broker.start();
        for (int i = 0; i < 200; i++) {
            try (SeqPacket socket = SeqPacket.open(); Channel channel = new Channel(socket)) {
                assertThat(broker.directory().connect(channel.socket())).isZero();
            }
        }
        assertThat(broker.client().names()).isEmpty();
    }
}
