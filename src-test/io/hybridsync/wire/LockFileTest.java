package io.hybridsync.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.kernel.NoDescriptors;
import io.hybridsync.wire.LockFile.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class LockFileTest {

    private static final long EPOCH = 1_577_836_800L;

    @TempDir
    Path parent;

    private DomainDirectory directory;

    @BeforeEach
    void make() {
        directory = Domain.of("d", parent.resolve("own")).make();
    }

    @AfterEach
    void close() {
        directory.close();
    }

    @Test
    void oneAtATimeForEachRole() {
        try (LockFile broker = lock(Role.BROKER)) {
            assertThat(broker.isCurrent(directory)).isTrue();
            assertThat(LockFile.tryLock(directory, Role.BROKER)).isNull();
            assertThat(LockFile.isHeld(directory, Role.BROKER)).isTrue();
            assertThat(LockFile.isHeld(directory, Role.STARTER)).isFalse();
            lock(Role.STARTER).close();
            assertThat(LockFile.isHeld(directory, Role.BROKER)).isTrue();
        }
        assertThat(LockFile.isHeld(directory, Role.BROKER)).isFalse();
        lock(Role.BROKER).close();
    }

    @Test
    void aLockOnAFileThatLostItsNameExcludesNobody() throws IOException {
        try (LockFile old = lock(Role.BROKER)) {
            Files.delete(directory.path().resolve("lock"));
            assertThat(old.isCurrent(directory)).isFalse();
            try (LockFile now = lock(Role.BROKER)) {
                assertThat(now.isCurrent(directory)).isTrue();
                assertThat(old.isCurrent(directory)).isFalse();
            }
        }
    }

    /** Who ends deletes the file, while others have it open and are about to lock it. */
    @Test
    void evenWhileTheFileIsDeletedAgainAndAgainThereIsOneAtATime() throws InterruptedException {
        AtomicInteger holders = new AtomicInteger();
        AtomicInteger tooMany = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(Thread.ofPlatform().start(() -> takeAndDelete(2000, holders, tooMany)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(tooMany).hasValue(0);
    }

    private void takeAndDelete(int times, AtomicInteger holders, AtomicInteger tooMany) {
        for (int i = 0; i < times; i++) {
            try (LockFile lock = LockFile.tryLock(directory, Role.BROKER)) {
                if (lock != null) {
                    tooMany.addAndGet(holders.incrementAndGet() - 1);
                    Thread.onSpinWait();
                    holders.decrementAndGet();
                    directory.unlink("lock");
                }
            }
        }
    }

    @Test
    void incarnationsFollowTheFileAndTheClock() {
        try (LockFile lock = lock(Role.BROKER)) {
            assertThat(lock.lastIncarnation()).isZero();
            assertThat(lock.nextIncarnation(EPOCH + 1000)).isEqualTo(1000);
            assertThat(lock.lastIncarnation()).isEqualTo(1000);
            assertThat(lock.nextIncarnation(EPOCH + 1000)).isEqualTo(1001);
            assertThat(lock.nextIncarnation(EPOCH + 5000)).isEqualTo(5000);
            assertThat(lock.nextIncarnation(0)).as("the clock was set back").isEqualTo(5001);
            assertThat(LockFile.tryLock(directory, Role.BROKER)).as("still locked").isNull();
        }
    }

    @Test
    void whatIsNamedIsKnownToWhoeverHasTheLockNext() {
        LockFile.Named one = named(1, 1L << 40, 3);
        LockFile.Named two = named(0, -2, -Integer.MAX_VALUE);
        try (LockFile lock = lock(Role.BROKER)) {
            assertThat(lock.contents().journals()).isEmpty();
            int incarnation = lock.nextIncarnation(EPOCH + 1000);
            assertThat(lock.contents().journals()).isEmpty();
            lock.write(lock.contents().with(List.of(one, two)).withLastClient(77));
            assertThat(lock.contents().journals()).containsExactly(one, two);
            assertThat(lock.lastIncarnation()).isEqualTo(incarnation);
        }
        try (LockFile lock = lock(Role.BROKER)) {
            int _ = lock.nextIncarnation(EPOCH + 2000);
            assertThat(lock.contents().journals()).containsExactly(one, two);
            lock.write(lock.contents().with(List.of(two)));
            assertThat(lock.contents().journals()).containsExactly(two);
            lock.write(lock.contents().with(List.of()));
            assertThat(lock.contents().journals()).isEmpty();
            assertThat(lock.contents().lastClient()).isEqualTo(77);
        }
    }

    /** Or no broker could take over any more in a process that has none left. */
    @Test
    void itsContentsNeedNoDescriptor() throws Exception {
        List<LockFile.Named> files = List.of(named(1, 2, 3));
        try (LockFile lock = lock(Role.BROKER)) {
            int last;
            List<LockFile.Named> named;
            try (NoDescriptors _ = NoDescriptors.begin()) {
                int next = lock.nextIncarnation(EPOCH + 1000);
                last = lock.lastIncarnation() - next;
                lock.write(lock.contents().with(files));
                named = lock.contents().journals();
            }
            assertThat(last).isZero();
            assertThat(named).isEqualTo(files);
        }
    }

    @Test
    void garbageInTheFileIsNoIncarnation() throws IOException {
        byte[][] contents = {{}, {1}, "garbage garbage".getBytes(UTF_8), new byte[8],
            {-1, -1, -1, -1, -1, -1, -1, -1}, {-1, -1, -1, 0x7f, 0, 0, 0, 0}};
        for (byte[] content : contents) {
            Files.write(directory.path().resolve("lock"), content);
            try (LockFile lock = lock(Role.BROKER)) {
                assertThat(lock.lastIncarnation()).isZero();
                assertThat(lock.nextIncarnation(EPOCH + 7)).isEqualTo(7);
                assertThat(lock.nextIncarnation(EPOCH + 7)).isEqualTo(8);
            }
        }
    }

    @Test
    void theFileOfClientsTellsWhoIsAlive() throws IOException {
        try (ClientsFile broker = clients()) {
            assertThat(broker.isAnyHeld()).isFalse();
            try (ClientsFile client = clients()) {
                assertThat(client.lock(17)).isTrue();
                assertThat(broker.isHeld(17)).isTrue();
                assertThat(broker.isHeld(16)).isFalse();
                assertThat(broker.isHeld(18)).isFalse();
                assertThat(broker.isAnyHeld()).isTrue();
                try (ClientsFile other = clients()) {
                    assertThat(other.lock(17)).isFalse();
                    assertThat(other.lock((1 << 30) - 1)).isTrue();
                }
                Files.delete(directory.path().resolve("clients"));
                assertThat(client.isCurrent(directory)).isFalse();
                assertThat(broker.isHeld(17)).isTrue();
            }
            assertThat(broker.isHeld(17)).isFalse();
        }
    }

    private static LockFile.Named named(long device, long inode, int incarnation) {
        return new LockFile.Named(new LockFile.Identity(device, inode), incarnation);
    }

    private LockFile lock(Role role) {
        return Objects.requireNonNull(LockFile.tryLock(directory, role));
    }

    private ClientsFile clients() {
        return Objects.requireNonNull(ClientsFile.open(directory));
    }
}
