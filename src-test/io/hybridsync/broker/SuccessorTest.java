package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.object.Rule;
import io.hybridsync.object.SemaphoreRule;
import io.hybridsync.wire.Code;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Mode;
import io.hybridsync.wire.Spec;
import io.hybridsync.wire.Version;
import io.hybridsync.word.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Real brokers that are killed, or told to end, and the next one: sockets, descriptors, locks. */
@Timeout(60)
class SuccessorTest {

    private static final Spec FAIR = new Spec(Kind.SEMAPHORE, 3, 10, Spec.FAIR);
    private static final Spec OWNED = new Spec(Kind.MUTEX, 1, 1, 0);

    @RegisterExtension
    final BrokerFixture fixture = new BrokerFixture();

    @RegisterExtension
    final Children children = new Children();

    private int lastRequest = 100;

    @Test
    void namesValuesAndOwnersSurviveAKilledBroker() throws Exception {
        Process process = start();
        TestClient one = connect(process);
        TestClient two = fixture.client();
        Message.Opened shared = one.opened(Mode.CREATE, "shared");
        Message.Opened there = two.opened(Mode.OPEN, "shared");
        Message.Opened fair = open(one, "fair", FAIR);
        Message.Opened mutex = open(one, "mutex", OWNED);
        assertThat(operate(one, fair, SemaphoreRule.ACQUIRE, 2)).isEqualTo(3);
        assertThat(one.names()).hasSize(3);
        process.destroyForcibly().waitFor();

        fixture.start(fixture.quick().withTakeOver(Duration.ofSeconds(20)));
        TestClient newcomer = fixture.client();
        newcomer.send(new Message.ListObjects(1, 0));
        TestClient first = handOver(one, moved(shared, there), fair, mutex);
        TestClient second = handOver(two, there);

        assertThat(received(first)).extracting(Message.Located::object)
                .as("the rest is where it was")
                .containsExactly(fair.object());
        assertThat(received(second)).isEmpty();
        assertThat(((Message.Listing) newcomer.next()).entries())
                .extracting(entry -> entry.name() + " " + entry.value())
                .containsExactlyInAnyOrder("shared 1", "fair 1", "mutex " + first.id());
        assertThat(operate(first, fair, Rule.LOOK, 0)).isEqualTo(1);
        Message.Opened opened = newcomer.opened(Mode.OPEN, "shared");
        assertThat(opened.object()).isEqualTo(shared.object());
        assertThat(opened.token()).isEqualTo(shared.token());
        assertThat(newcomer.id()).isGreaterThan(second.id());
    }

    @Test
    void whoComesLateHasLostItsHandlesAndItsMutexIsAbandoned() throws Exception {
        Process process = start();
        TestClient one = connect(process);
        TestClient late = fixture.client();
        Message.Opened mutex = open(late, "mutex", OWNED);
        Message.Opened there = open(one, "mutex", Spec.existing(Kind.MUTEX), Mode.OPEN);
        assertThat(late.names()).hasSize(1);
        process.destroyForcibly().waitFor();

        fixture.start(fixture.quick().withTakeOver(Duration.ofMillis(300)));
        TestClient first = handOver(one, there);
        assertThat(received(first)).isEmpty();
        first.send(new Message.Describe(1, mutex.object()));
        Message.Listing listing = (Message.Listing) first.next();
        assertThat(listing.entries().getFirst().location()).as("moved away").isNotEqualTo(there.location());
        assertThat(listing.entries().getFirst().value()).isEqualTo(1 << 30);
        TestClient stranger = fixture.stranger();
        stranger.send(new Message.Resume(Version.MAJOR, Version.MINOR, late.id(), "a test"));
        assertThat(((Message.Refused) stranger.next()).code()).isEqualTo(Code.LOST);
        fixture.expectLitter();
    }

    /** The first to hand something over under an id lies; the broker keeps what the others hand, and gives up what the liar has. */
    @Test
    void whoHandsOverOtherMemoryThanTwoOthersIsRefused() throws Exception {
        Process process = start();
        TestClient liar = connect(process);
        TestClient two = fixture.client();
        TestClient three = fixture.client();
        Message.Opened shared = liar.opened(Mode.CREATE, "shared");
        Message.Opened early = two.opened(Mode.OPEN, "shared");
        Message.Opened there = three.opened(Mode.OPEN, "shared");
        assertThat(List.of(liar.names(), two.names(), early.name())).hasSize(3);
        process.destroyForcibly().waitFor();

        fixture.start(fixture.quick().withTakeOver(Duration.ofSeconds(20)));
        liar.awaitEnd();
        TestClient forger = fixture.keep(liar.resume(fixture.directory()));
        forger.forgeMemory();
        hand(forger, moved(shared, there));
        TestClient second = handOver(two, moved(early, there));
        TestClient third = handOver(three, there);
        assertThat(((Message.Refused) forger.next()).code()).isEqualTo(Code.PROTOCOL);
        assertThat(received(second)).isEmpty();
        assertThat(received(third)).isEmpty();
        second.send(new Message.Describe(1, shared.object()));
        assertThat(((Message.Listing) second.next()).entries().getFirst().value()).isEqualTo(1);
        fixture.expectLitter();
    }

    @Test
    void aBrokerIsReplacedByAnother() throws Exception {
        Process process = start();
        TestClient one = connect(process);
        Message.Opened fair = open(one, "fair", FAIR);
        Process next = start("--replace", "--claim-millis=40000");
        assertThat(process.waitFor()).isEqualTo(143);
        one.awaitEnd();
        awaitListener(next);
        TestClient first = handOver(one, fair);
        assertThat(received(first)).hasSize(1);
        assertThat(operate(first, fair, Rule.LOOK, 0)).isEqualTo(3);
        first.close();
        next.destroy();
        assertThat(next.waitFor()).isEqualTo(143);
        assertThat(fixture.files()).containsExactly(fixture.parent());
    }

    @Test
    void whereNobodyIsToBeReplacedABrokerIsStarted() throws Exception {
        Process process = start("--replace");
        connect(process).close();
        process.destroy();
        assertThat(process.waitFor()).isEqualTo(143);
    }

    private static Message.Opened moved(Message.Opened opened, Message.Opened now) {
        return new Message.Opened(
                opened.request(),
                opened.object(),
                opened.created(),
                opened.name(),
                opened.spec(),
                now.location(),
                now.home(),
                opened.token());
    }

    private Message.Opened open(TestClient client, String name, Spec spec) {
        return open(client, name, spec, Mode.CREATE);
    }

    private Message.Opened open(TestClient client, String name, Spec spec, Mode mode) {
        client.send(new Message.Open(++lastRequest, mode, spec.kind(), name, spec, false));
        return (Message.Opened) client.next();
    }

    private long operate(TestClient client, Message.Opened object, Rule rule, int argument) {
        client.send(new Message.Operate(++lastRequest, object.object(), rule.code(), argument));
        return ((Message.Operated) client.next()).result();
    }

    /** The same client at the next broker, with what it has open. */
    private TestClient handOver(TestClient client, Message.Opened... objects) {
        client.awaitEnd();
        TestClient resumed = fixture.keep(client.resume(fixture.directory()));
        resumed.handMemory();
        hand(resumed, objects);
        return resumed;
    }

    private static void hand(TestClient resumed, Message.Opened... objects) {
        for (Message.Opened object : objects) {
            resumed.send(new Message.HandObject(
                    object.object(),
                    object.name(),
                    object.spec(),
                    object.token(),
                    object.location(),
                    object.home(),
                    object.created(),
                    true,
                    false,
                    0,
                    0,
                    List.of()));
        }
        resumed.send(new Message.HandedOver());
    }

    /** Where everything is, when all is taken over. */
    private static List<Message.Located> received(TestClient client) {
        return Stream.generate(client::next)
                .takeWhile(message -> !(message instanceof Message.TakenOver))
                .map(Message.Located.class::cast)
                .toList();
    }

    private Process start(String... more) throws IOException {
        String[] arguments = Stream.concat(
                        Stream.of("--name=test", "--directory=" + fixture.directory().path(), "--linger-millis=20000"),
                        Stream.of(more))
                .toArray(String[]::new);
        return children.start(List.of(), BrokerProcess.class, arguments);
    }

    private TestClient connect(Process process) {
        awaitListener(process);
        return fixture.client();
    }

    private void awaitListener(Process process) {
        while (!BrokerProcessTest.listens(fixture.directory())) {
            assertThat(process.isAlive()).isTrue();
            LockSupport.parkNanos(5_000_000);
        }
    }
}
