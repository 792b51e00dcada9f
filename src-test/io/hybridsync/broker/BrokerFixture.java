package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.kernel.Features;
import io.hybridsync.kernel.OpenFiles;
import io.hybridsync.wire.Domain;
import io.hybridsync.wire.DomainDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A directory for a domain, brokers and clients; after the test nothing may be left: no file, no descriptor. */
final class BrokerFixture implements BeforeEachCallback, AfterEachCallback {

    private final List<AutoCloseable> toClose = new ArrayList<>();
    private Path parent = Path.of("/nowhere");
    private @Nullable DomainDirectory directory;
    private List<String> open = List.of();
    private boolean litter;

    @Override
    public void beforeEach(ExtensionContext context) throws IOException, InterruptedException {
        Features.current();
        OpenFiles.awaitClosed();
        open = openFiles();
        parent = Files.createTempDirectory("hybrid-sync-test");
        directory = make();
    }

    /** The domain's directory, made if it is gone. */
    DomainDirectory make() {
        DomainDirectory made = Domain.of("test", parent).make();
        toClose.add(made);
        return made;
    }

    Path parent() {
        return parent;
    }

    DomainDirectory directory() {
        return Objects.requireNonNull(directory);
    }

    /** The test's own litter is not the broker's. */
    void expectLitter() {
        litter = true;
    }

    Options quick() {
        return Options.defaults()
                .withLinger(Duration.ofMillis(50))
                .withTimes(Duration.ofSeconds(20), Duration.ofMillis(200), Duration.ofMillis(20));
    }

    Running start() {
        return start(quick());
    }

    Running start(Options options) {
        return tryStart(directory(), options).orElseThrow();
    }

    Optional<Running> tryStart(DomainDirectory there, Options options) {
        Optional<Running> running = Broker.start(there, options).map(Running::new);
        running.ifPresent(started -> toClose.add(started::stop));
        return running;
    }

    TestClient client() {
        return keep(TestClient.connect(directory()));
    }

    TestClient stranger() {
        return keep(TestClient.stranger(directory()));
    }

    TestClient keep(TestClient client) {
        toClose.add(client);
        return client;
    }

    String log() {
        try {
            return Files.readString(directory().path().resolve(DomainDirectory.LOG));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        for (AutoCloseable closeable : toClose.reversed()) {
            closeable.close();
        }
        List<Path> left = files();
        for (Path path : left.reversed()) {
            Files.delete(path);
        }
        if (!litter && context.getExecutionException().isEmpty()) {
            // A log with warnings stays for people to read, and its directory with it.
            assertThat(left.stream().map(path -> parent.relativize(path).toString()))
                    .as("left behind")
                    .isSubsetOf("", "test", "test/broker.log");
            OpenFiles.awaitClosed();
            assertThat(openFiles()).as("open files after the test").isEqualTo(open);
        }
    }

    List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(parent)) {
            return files.sorted().toList();
        }
    }

    private static List<String> openFiles() throws IOException {
        try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
            return fds.map(BrokerFixture::target)
                    .filter(name -> Stream.of("/memfd:", "socket:", "anon_inode:", "/tmp/").anyMatch(name::startsWith))
                    .filter(name -> !name.endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }

    private static String target(Path fd) {
        try {
            return Files.readSymbolicLink(fd).toString();
        } catch (IOException e) {
            return "";
        }
    }

    /** A broker on a thread of its own. */
    static final class Running {

        private final Broker broker;
        private final Thread thread;

        Running(Broker broker) {
            this.broker = broker;
            this.thread = Thread.ofPlatform().name("broker of a test").start(broker);
        }

        void awaitEnd() throws InterruptedException {
            thread.join();
        }

        boolean isAlive() {
            return thread.isAlive();
        }

        void stop() throws InterruptedException {
            broker.stop();
            thread.join();
        }
    }
}
