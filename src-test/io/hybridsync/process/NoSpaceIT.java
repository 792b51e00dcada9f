package io.hybridsync.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.HybridMutex;
import io.hybridsync.HybridSemaphore;
import io.hybridsync.MutexSpec;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;
import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.error.CorruptedObjectException;
import io.hybridsync.error.LimitExceededException;
import io.hybridsync.integrity.Spot;
import io.hybridsync.kernel.Needed;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The file system of a domain's directory gets full while the domain is in use: not a byte can be written there, and no file be
 * made. Nobody notices who needs none; who does is told; and everything is there when there is room again.
 */
@Timeout(60)
class NoSpaceIT {

    private static final String DOMAIN = "full";
    private static final Duration CLAIM_TIMEOUT = Duration.ofSeconds(1);
    private static final byte[] BLOCK = new byte[4096];

    @TempDir
    Path directory;

    private Path small;
    private Path rubbish;
    private SyncDomain one;
    private SyncDomain two;
    private HybridMutex mutex;
    private HybridSemaphore fair;

    @BeforeEach
    void begin() throws Exception {
        Needed.root("mounts a small file system");
        small = Files.createDirectory(directory.resolve("small"));
        Limit.run("mount", "-t", "tmpfs", "-o", "size=64k,nr_inodes=50,mode=0700", "tmpfs", small.toString());
        rubbish = Files.createDirectory(small.resolve("rubbish"));
        one = open();
        two = open();
        mutex = one.createMutex("mutex", MutexSpec.unlocked());
        fair = one.createSemaphore("fair", SemaphoreSpec.permits(0).fair());
        HybridMutex _ = two.openMutex("mutex");
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        try {
            two.close();
            one.close();
            Residue.awaitEndOfBrokers(small);
            Files.deleteIfExists(place().resolve("broker.log"));
            Files.deleteIfExists(place());
            Files.deleteIfExists(rubbish);
            Residue.assertNone(small);
        } finally {
            Limit.run("umount", "--lazy", small.toString());
        }
    }

    private SyncDomain open() {
        return SyncDomain.builder(DOMAIN)
                .directory(small)
                .linger(Duration.ZERO)
                .claimTimeout(CLAIM_TIMEOUT)
                .open();
    }

    private Path place() {
        return small.resolve(DOMAIN);
    }

    private void fill() throws IOException {
        write(BLOCK);
        write(new byte[0]);
    }

    /** Files, until there is no room for another. */
    private void write(byte[] content) throws IOException {
        for (int i = 0; ; i++) {
            try {
                Files.write(rubbish.resolve(content.length + "-" + i), content);
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("No space left on device");
                return;
            }
        }
    }

    private void tidyUp() throws IOException {
        delete(rubbish);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    private void assertMutexWorks() {
        assertThat(mutex.tryLock()).isTrue();
        mutex.unlock();
    }

    /** What it has to say is lost, for want of a page more. */
    @Test
    void aBrokerThatIsRunningNeedsNoRoom() throws Exception {
        fill();
        Path log = place().resolve("broker.log");
        Files.write(log, new byte[(int) (BLOCK.length - Files.size(log))], StandardOpenOption.APPEND);
        spoil();
        try (SyncDomain newcomer = open();
                HybridMutex opened = newcomer.openMutex("mutex");
                HybridSemaphore created = newcomer.createSemaphore(SemaphoreSpec.permits(1))) {
            assertThat(created.tryAcquire()).isTrue();
            assertThat(opened.tryLock()).isTrue();
            opened.unlock();
        }
        assertMutexWorks();
        assertThat(log).hasSize(BLOCK.length);
        tidyUp();
    }

    /** Of that the broker would write a line. */
    private void spoil() {
        try (HybridSemaphore spoilt = one.createSemaphore(SemaphoreSpec.permits(1))) {
            Spot.of(spoilt).store(1);
            assertThatThrownBy(spoilt::tryAcquire).isInstanceOf(CorruptedObjectException.class);
        }
    }

    /** As far as it goes: newcomers find nobody, until the broker can make again what they look for. */
    @Test
    void whatWasDeletedIsMadeAgainWhenThereIsRoom() throws Exception {
        ProcessHandle broker = Residue.brokers(small).getFirst();
        Path log = openLog(broker);
        delete(place());
        fill();
        assertThatThrownBy(this::open).isInstanceOf(LimitExceededException.class).hasMessageContaining("ENOSPC");
        assertMutexWorks();
        two.openSemaphore("fair").close();
        ClientLimitsIT.await(() -> contents(log).contains("they cannot be made again"));
        tidyUp();
        ClientLimitsIT.await(() -> Files.exists(place().resolve("socket")));
        try (SyncDomain newcomer = open()) {
            assertThat(newcomer.objects()).hasSize(2);
        }
        assertThat(Residue.brokers(small)).containsExactly(broker);
    }

    /** The broker's log, as the broker has it open: it has no name any more. */
    private static Path openLog(ProcessHandle broker) {
        Path open = Path.of("/proc", "" + broker.pid(), "fd");
        return Limit.descriptors(broker.pid()).stream()
                .map(open::resolve)
                .filter(file -> target(file).endsWith("broker.log"))
                .findFirst()
                .orElseThrow();
    }

    private static Path target(Path file) {
        try {
            return Files.readSymbolicLink(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String contents(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** There is an inode for another, but no page for what it said; and the page of the one that was deleted is not free yet. */
    @Test
    void whatTheLockFileSaidIsWrittenDownAgainWhenThereIsRoom() throws Exception {
        ProcessHandle broker = Residue.brokers(small).getFirst();
        Path lock = place().resolve("lock");
        byte[] said = Files.readAllBytes(lock);
        try (InputStream _ = Files.newInputStream(lock)) {
            write(BLOCK);
            Files.delete(lock);
            ClientLimitsIT.await(() -> contents(place().resolve("broker.log")).contains("cannot be written down again"));
            assertThat(lock).isEmptyFile();
            try (SyncDomain newcomer = open()) {
                assertThat(newcomer.objects()).hasSize(2);
            }
            tidyUp();
            ClientLimitsIT.await(() -> lock.toFile().length() > 0);
        }
        assertThat(lock).hasBinaryContent(said);
        Files.delete(lock);
        ClientLimitsIT.await(() -> lock.toFile().length() > 0);
        assertThat(lock).hasBinaryContent(said);
        assertThat(Residue.brokers(small)).containsExactly(broker);
    }

    /** It needs a socket of its own, beside what the one before has left. */
    @Test
    void theNextBrokerComesWhenThereIsRoom() throws Exception {
        Thread waiter = Thread.ofPlatform().daemon().start(fair::acquireUninterruptibly);
        ClientLimitsIT.await(() -> waiter.getState() == Thread.State.WAITING);
        fill();
        List<ProcessHandle> brokers = Residue.brokers(small);
        brokers.forEach(ProcessHandle::destroyForcibly);
        brokers.forEach(broker -> broker.onExit().join());
        FutureTask<HybridSemaphore> opening = new FutureTask<>(() -> two.openSemaphore("fair"));
        Thread.ofPlatform().daemon().start(opening);
        assertThatThrownBy(this::open).isInstanceOf(BrokerUnavailableException.class).hasMessageContaining("ENOSPC");
        assertMutexWorks();
        assertThat(waiter.isAlive()).isTrue();
        assertThat(opening).isNotDone();
        tidyUp();
        try (SyncDomain newcomer = open();
                HybridSemaphore opened = newcomer.openSemaphore("fair")) {
            opened.release();
            waiter.join();
        }
        assertThat(opening.get().availablePermits()).isZero();
        assertMutexWorks();
    }
}
