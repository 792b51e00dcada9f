package io.hybridsync.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.HybridSemaphore;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;
import io.hybridsync.client.Client;
import io.hybridsync.client.Settings;
import io.hybridsync.client.Starter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes that share semaphores, with a broker of their own. */
@Timeout(120)
class SharedSemaphoreIT {

    private static final String DOMAIN = "shared";

    @TempDir
    Path directory;

    private final List<Child> children = new ArrayList<>();

    @AfterEach
    void nothingIsLeft() {
        children.forEach(Child::close);
        Residue.assertNone(directory);
    }

    @Test
    void aReleaseHereLetsAWaiterThereProceed() throws Exception {
        try (SyncDomain domain = open();
                HybridSemaphore semaphore = domain.createSemaphore("s", SemaphoreSpec.permits(0))) {
            Child child = child();
            assertThat(child.ask("open s")).isEqualTo("opened");
            child.say("acquire s 2");
            while (!semaphore.snapshot().waiters()) {
                Thread.onSpinWait();
            }
            semaphore.release();
            assertThat(semaphore.availablePermits()).isEqualTo(1);
            semaphore.release();
            assertThat(child.hear()).isEqualTo("acquired");
            assertThat(semaphore.availablePermits()).isZero();
            assertThat(child.ask("release s 2")).isEqualTo("0");
            assertThat(semaphore.tryAcquire(2)).isTrue();
        }
    }

    @Test
    void anAnonymousSemaphoreIsSharedByItsToken() {
        try (SyncDomain domain = open();
                HybridSemaphore semaphore = domain.createSemaphore(SemaphoreSpec.permits(1).maximum(1))) {
            Child child = child();
            assertThat(child.ask("token s " + semaphore.token())).isEqualTo("opened");
            assertThat(child.ask("try s 1 0")).isEqualTo("true");
            assertThat(semaphore.tryAcquire()).isFalse();
            assertThat(child.ask("token t 00000000000000000000000000000000")).isEqualTo("NoSuchObjectException");
        }
    }

    @Test
    void whoCreatesFirstDecidesAndTheNameEndsWithTheLastHandle() {
        Child first = child();
        Child second = child();
        assertThat(first.ask("semaphore s 2 2")).isEqualTo("created");
        assertThat(second.ask("semaphore s 9 9")).isEqualTo("opened");
        assertThat(second.ask("available s")).isEqualTo("2");
        assertThat(first.ask("close s")).isEqualTo("closed");
        assertThat(second.ask("release s 1")).isEqualTo("PermitLimitException");
        assertThat(second.ask("close s")).isEqualTo("closed");
        assertThat(second.ask("open s")).isEqualTo("NoSuchObjectException");
        assertThat(first.ask("semaphore s 9 9")).isEqualTo("created");
    }

    @Test
    void aKilledClientsHandlesAreClosedAndItsPermitsStayTaken() {
        try (SyncDomain domain = open();
                HybridSemaphore semaphore = domain.createSemaphore("kept", SemaphoreSpec.permits(3))) {
            Child child = child();
            assertThat(child.ask("open kept")).isEqualTo("opened");
            assertThat(child.ask("semaphore own 1 1")).isEqualTo("created");
            assertThat(child.ask("acquire kept 2")).isEqualTo("acquired");
            assertThat(domain.objects()).hasSize(2);
            child.kill();
            while (domain.objects().size() > 1) {
                Thread.onSpinWait();
            }
            assertThat(semaphore.availablePermits()).isEqualTo(1);
        }
    }

    @Test
    void nobodyNoticesThatTheBrokerIsKilled() throws Exception {
        try (SyncDomain domain = open();
                HybridSemaphore semaphore = domain.createSemaphore("s", SemaphoreSpec.permits(0))) {
            Child child = child();
            assertThat(child.ask("open s")).isEqualTo("opened");
            child.say("acquire s 1");
            assertThat(semaphore.tryAcquire(10, TimeUnit.MILLISECONDS)).isFalse();
            Residue.brokers(directory).forEach(ProcessHandle::destroyForcibly);
            semaphore.release();
            assertThat(child.hear()).isEqualTo("acquired");
            assertThat(child.ask("open s")).isEqualTo("opened");
            try (HybridSemaphore again = domain.openSemaphore("s")) {
                again.release();
            }
            assertThat(child.ask("acquire s 1")).isEqualTo("acquired");
            assertThat(child.ask("close s")).isEqualTo("closed");
            assertThat(domain.objects()).hasSize(1);
        }
    }

    @Test
    void manyThatStartAtOnceMeetAtOneBroker() {
        for (int i = 0; i < 6; i++) {
            children.add(Child.start(Interpreter.class, directory.toString(), DOMAIN));
        }
        children.forEach(child -> assertThat(child.hear()).isEqualTo("ready"));
        assertThat(Residue.brokers(directory)).hasSize(1);
        assertThat(children.get(0).ask("semaphore s 1 1")).isEqualTo("created");
        assertThat(children.get(5).ask("semaphore s 1 1")).isEqualTo("opened");
    }

    /** Threads of one process compete for the starter's lock as processes do, and their starts can be counted. */
    @Test
    void ofManyThatStartAtOnceOneStartsABroker() throws Exception {
        AtomicInteger starts = new AtomicInteger();
        Starter counting = arguments -> {
            starts.incrementAndGet();
            return Settings.spawning().start(arguments);
        };
        Settings settings =
                new Settings(DOMAIN, directory, Duration.ZERO, Duration.ofSeconds(60), false, Optional.of(counting));
        int many = 50;
        CyclicBarrier together = new CyclicBarrier(many);
        List<FutureTask<Client>> clients = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            FutureTask<Client> client = new FutureTask<>(() -> {
                together.await();
                return Client.connect(settings);
            });
            clients.add(client);
            Thread.ofPlatform().start(client);
        }
        try {
            for (FutureTask<Client> client : clients) {
                assertThat(client.get().isClosed()).isFalse();
            }
            assertThat(starts).hasValue(1);
            assertThat(Residue.brokers(directory)).hasSize(1);
        } finally {
            for (FutureTask<Client> client : clients) {
                client.get().close();
            }
        }
    }

    @Test
    void theBrokerOutlivesItsStarter() {
        Child starter = child();
        Child other = child();
        assertThat(starter.ask("semaphore s 1 1")).isEqualTo("created");
        assertThat(other.ask("open s")).isEqualTo("opened");
        starter.kill();
        assertThat(other.ask("semaphore t 1 1")).isEqualTo("created");
        assertThat(Residue.brokers(directory)).hasSize(1);
    }

    @Test
    void theDirectoryIsPrivate() throws Exception {
        try (SyncDomain domain = open()) {
            assertThat(domain.directory()).isEqualTo(directory.resolve(DOMAIN));
            assertThat(Files.getPosixFilePermissions(domain.directory())).hasSize(3);
        }
    }

    private SyncDomain open() {
        return SyncDomain.builder(DOMAIN).directory(directory).linger(Duration.ZERO).open();
    }

    private Child child() {
        Child child = Child.start(Interpreter.class, directory.toString(), DOMAIN);
        children.add(child);
        assertThat(child.hear()).isEqualTo("ready");
        return child;
    }
}
