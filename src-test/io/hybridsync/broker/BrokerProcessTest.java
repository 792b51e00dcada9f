package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hybridsync.kernel.Directory;
import io.hybridsync.kernel.Needed;
import io.hybridsync.kernel.SeqPacket;
import io.hybridsync.process.Idleness;
import io.hybridsync.wire.Channel;
import io.hybridsync.wire.ClientsFile;
import io.hybridsync.wire.Domain;
import io.hybridsync.wire.DomainDirectory;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Mode;
import io.hybridsync.wire.Spec;
import io.hybridsync.wire.Version;
import io.hybridsync.word.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The broker as a process: its command line, its exit codes, limits of the machine, real kills, other users. */
@Timeout(60)
class BrokerProcessTest {

    @RegisterExtension
    final BrokerFixture fixture = new BrokerFixture();

    @RegisterExtension
    final Children children = new Children();

    @Test
    void theCommandLine() {
        BrokerArguments parsed = BrokerArguments.parse(List.of(
                "--name=a", "--parent=/somewhere", "--linger-millis=1500", "--clients=3", "--objects-per-client=4"));
        assertThat(parsed.domain().name()).isEqualTo("a");
        assertThat(parsed.options().linger()).isEqualTo(Duration.ofMillis(1500));
        assertThat(parsed.options().clients()).isEqualTo(3);
        assertThat(parsed.options().objectsPerClient()).isEqualTo(4);
        assertThat(BrokerArguments.parse(List.of("--name=a")).options().linger()).isGreaterThan(Duration.ofDays(9999));
    }

    @Test
    void aWrongCommandLine() {
        for (String wrong : new String[] {"", "name=a", "--name", "--nam=a", "--linger-millis=x", "--clients=0"}) {
            assertThatIllegalArgumentException()
                    .as(wrong)
                    .isThrownBy(() -> BrokerArguments.parse(List.of("--name=a", wrong)));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> BrokerArguments.parse(List.of("--clients=1")));
        assertThat(BrokerProcess.run(new String[] {"--name=a/b"})).isEqualTo(BrokerProcess.EXIT_USAGE);
        String file = "--parent=" + System.getProperty("java.home") + "/release";
        assertThat(BrokerProcess.run(new String[] {"--name=a", file})).isEqualTo(BrokerProcess.EXIT_FAILED);
    }

    @Test
    void itServesUntilItIsToldToEndAndTidiesUp() throws Exception {
        Process process = start(List.of());
        TestClient client = connect(process);
        client.opened(Mode.CREATE, "a");
        assertThat(BrokerProcess.run(arguments())).isEqualTo(BrokerProcess.EXIT_OTHER);
        client.close();
        process.destroy();
        process.waitFor();
        assertThat(fixture.files()).containsExactly(fixture.parent());
    }

    @Test
    void aKilledBrokerIsReplaced() throws Exception {
        Process process = start(List.of());
        TestClient client = connect(process);
        int before = incarnation(client.opened(Mode.CREATE, "a"));
        process.destroyForcibly().waitFor();
        client.awaitEnd();
        client.close();
        fixture.start();
        TestClient next = fixture.client();
        assertThat(next.names()).isEmpty();
        assertThat(incarnation(next.opened(Mode.CREATE, "a"))).isGreaterThan(before);
    }

    private static int incarnation(Message.Opened opened) {
        return (int) (opened.object() >>> 32);
    }

    @Test
    void aKilledClientIsNoticed() throws Exception {
        fixture.start(fixture.quick().withLinger(Duration.ofSeconds(20)));
        TestClient observer = fixture.client();
        Process process = children.start(List.of(), DyingClient.class, fixture.parent().toString());
        assertThat(process.inputReader().readLine()).isEqualTo("open");
        assertThat(observer.names()).containsExactly("the dying client's");
        process.destroyForcibly();
        while (!observer.names().isEmpty()) {
            Thread.onSpinWait();
        }
    }

    /** With so few descriptors many connections have to wait, and are served when others go. */
    @Test
    void whenDescriptorsRunOutConnectionsWait() throws Exception {
        Process process = start(List.of("sh", "-c", "ulimit -n 48; exec \"$@\"", "sh"));
        List<TestClient> strangers = new ArrayList<>();
        try (TestClient first = connect(process)) {
            assertThat(first.names()).isEmpty();
            loadWhatTheEndOfAClientNeeds(first);
            for (int i = 0; i < 60; i++) {
                strangers.add(fixture.keep(TestClient.stranger(fixture.directory())));
            }
        }
        while (!fixture.log().contains("connections have to wait")) {
            LockSupport.parkNanos(1_000_000);
        }
        Idleness.awaitProcess(process.pid(), Duration.ofMillis(10));

        TestClient last = strangers.getLast();
        last.send(new Message.Hello(Version.MAJOR, Version.MINOR, ""));
        strangers.subList(0, 50).forEach(TestClient::close);
        assertThat(last.next()).isInstanceOf(Message.Welcome.class);
        fixture.expectLitter();
    }

    /** In the tests classes are in directories, and each takes a descriptor when it is loaded; in the jar they do not. */
    private void loadWhatTheEndOfAClientNeeds(TestClient witness) {
        try (TestClient other = TestClient.connect(fixture.directory())) {
            other.opened(Mode.CREATE, "a");
            assertThat(witness.names()).hasSize(1);
        }
        while (!witness.names().isEmpty()) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void anotherUserIsTurnedAway(@TempDir Path place) throws Exception {
        Needed.root("takes another user's part");
        fixture.start();
        Files.setAttribute(fixture.parent(), "unix:mode", 0755);
        Files.setAttribute(fixture.directory().path(), "unix:mode", 0755);
        Files.setAttribute(fixture.directory().path().resolve("socket"), "unix:mode", 0777);
        Process process = children.startAsNobody(place, Stranger.class, fixture.parent().toString());
        assertThat(process.inputReader().readLine()).isEqualTo("connected 0");
        assertThat(process.inputReader().readLine()).isEqualTo("received 0");
        assertThat(fixture.client().names()).isEmpty();
        assertThat(fixture.log()).contains("uid 65534").contains("turned away");
    }

    @Test
    void theRulesOfDirectoriesWithoutPrivileges(@TempDir Path place) throws Exception {
        Needed.root("takes another user's part");
        Path ours = fixture.parent();
        Files.setAttribute(ours, "unix:mode", 01777);
        Path closed = Files.createDirectory(ours.resolve("closed"));
        Files.setAttribute(closed, "unix:mode", 0755);
        Process process = children.startAsNobody(place, Directories.class, ours.toString());
        List<String> lines = process.inputReader().lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).as("a sticky one of root's").startsWith("made " + ours + "/nobodys");
        assertThat(lines.get(1)).as("not writable").contains("AccessDenied").contains("closed").contains("mode 0755");
        assertThat(lines.get(2)).as("of another user").contains("AccessDenied").contains("owner uid 0");
        fixture.expectLitter();
    }

    private String[] arguments() {
        return new String[] {"--name=test", "--directory=" + fixture.directory().path(), "--linger-millis=20000"};
    }

    private Process start(List<String> prefix) throws IOException {
        return children.start(prefix, BrokerProcess.class, arguments());
    }

    private TestClient connect(Process process) {
        for (;;) {
            assertThat(process.isAlive()).isTrue();
            if (listens(fixture.directory())) {
                return fixture.client();
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    static boolean listens(DomainDirectory directory) {
        try (SeqPacket probe = SeqPacket.open()) {
            return directory.connect(probe) == 0;
        }
    }

    /** Opens an object and waits to be killed. */
    static final class DyingClient {

        private DyingClient() {}

        public static void main(String[] arguments) throws IOException {
            try (DomainDirectory directory = Domain.of("test", Path.of(arguments[0])).make();
                    SeqPacket socket = SeqPacket.open();
                    Channel channel = new Channel(socket);
                    ClientsFile file = Objects.requireNonNull(ClientsFile.open(directory))) {
                directory.connect(socket);
                channel.send(new Message.Hello(Version.MAJOR, Version.MINOR, ""), Long.MAX_VALUE);
                file.lock(((Message.Welcome) received(channel)).clientId());
                channel.send(new Message.Alive(), Long.MAX_VALUE);
                Spec spec = Spec.existing(Kind.EVENT);
                String name = "the dying client's";
                channel.send(new Message.Open(1, Mode.CREATE, Kind.EVENT, name, spec, false), Long.MAX_VALUE);
                received(channel);
                System.out.println("open");
                while (System.in.read() >= 0) {
                    System.out.flush();
                }
            }
        }
    }

    private static Message received(Channel channel) {
        return Objects.requireNonNull(channel.receive()).message();
    }

    /** Connects where it has no business, past the rules of the directory. */
    static final class Stranger {

        private Stranger() {}

        public static void main(String[] arguments) {
            try (Directory parent = Directory.open(Path.of(arguments[0]));
                    Directory directory = parent.child("test");
                    SeqPacket socket = SeqPacket.open()) {
                System.out.println("connected " + socket.connect(directory, "socket"));
                socket.awaitReadable(System.nanoTime() + 20_000_000_000L);
                byte[] into = new byte[10];
                System.out.println("received " + socket.receive(ByteBuffer.wrap(into)));
            }
        }
    }

    /** Makes domains where it may and where it may not. */
    static final class Directories {

        private Directories() {}

        public static void main(String[] arguments) {
            Path parent = Path.of(arguments[0]);
            System.out.println(make("nobodys", parent));
            System.out.println(make("nobodys", parent.resolve("closed")));
            System.out.println(make("test", parent));
        }

        private static String make(String name, Path parent) {
            try (DomainDirectory directory = Domain.of(name, parent).make()) {
                return "made " + directory;
            } catch (RuntimeException e) {
                return e.toString().replace('\n', ' ');
            }
        }
    }
}
