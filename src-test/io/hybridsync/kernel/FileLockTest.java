package io.hybridsync.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.KernelException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(OpenFiles.class)
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class FileLockTest {

    @TempDir
    Path temp;

    private Directory directory;
    private Fd one;
    private Fd other;

    @BeforeEach
    void open() {
        directory = Directory.open(temp);
        one = directory.openFile("lock", Linux.O_CREAT | Linux.O_RDWR, 0600);
        other = directory.openFile("lock", Linux.O_RDWR, 0);
    }

    @AfterEach
    void close() {
        directory.close();
        one.close();
        other.close();
    }

    @Test
    void whatOthersHaveLockedIsFound() {
        assertThat(FileLock.lockedElsewhere(other, 1, 1L << 30, 10)).isEmpty();
        try (Fd third = directory.openFile("lock", Linux.O_RDWR, 0)) {
            for (long offset : new long[] {77, 1, 3, 1L << 30}) {
                assertThat(FileLock.tryLock(one, offset, 1)).isTrue();
            }
            assertThat(FileLock.tryLock(third, 2, 1)).as("beside others").isTrue();
            assertThat(FileLock.tryLock(third, (1L << 30) - 1, 1)).as("beside others").isTrue();
            assertThat(FileLock.tryLock(other, 50, 1)).isTrue();
            assertThat(FileLock.lockedElsewhere(other, 1, 1L << 30, 10)).containsExactly(1L, 2L, 3L, 77L, (1L << 30) - 1);
            assertThat(FileLock.lockedElsewhere(other, 2, 78, 10)).containsExactly(2L, 3L, 77L);
            assertThat(FileLock.lockedElsewhere(one, 4, 1L << 30, 10)).containsExactly(50L, (1L << 30) - 1);
            assertThat(FileLock.lockedElsewhere(other, 1, 1L << 30, 2)).hasSize(2);
        }
    }

    /** Whoever shows that it lives locks one byte: one lock of many bytes hides nobody who is behind it. */
    @Test
    void whoLocksManyIsPassedOver() {
        try (Fd third = directory.openFile("lock", Linux.O_RDWR, 0)) {
            assertThat(FileLock.tryLock(one, 3, 100_000)).isTrue();
            assertThat(FileLock.tryLock(third, 2, 1)).isTrue();
            assertThat(FileLock.tryLock(third, 200_000, 1)).isTrue();
            assertThat(FileLock.lockedElsewhere(other, 1, 1L << 30, 10)).containsExactly(2L, 200_000L);
            assertThat(FileLock.lockedElsewhere(other, 50, 51, 10)).as("in the middle of it").isEmpty();
        }
    }

    @Test
    void whoLocksAllOfItIsBounded() {
        for (long offset = 1; offset < 2000; offset += 2) {
            assertThat(FileLock.tryLock(one, offset, 1)).isTrue();
        }
        assertThat(FileLock.lockedElsewhere(other, 1, 1L << 30, 500)).hasSize(500);
    }

    @Test
    void twoOpensOfOneProcessConflict() {
        assertThat(FileLock.isLockedElsewhere(other, 7, 1)).isFalse();
        assertThat(FileLock.tryLock(one, 7, 1)).isTrue();
        assertThat(FileLock.tryLock(one, 7, 1)).as("its own").isTrue();
        assertThat(FileLock.tryLock(other, 7, 1)).isFalse();
        assertThat(FileLock.isLockedElsewhere(other, 7, 1)).isTrue();
        assertThat(FileLock.isLockedElsewhere(one, 7, 1)).as("its own").isFalse();
        FileLock.unlock(one, 7, 1);
        assertThat(FileLock.tryLock(other, 7, 1)).isTrue();
    }

    @Test
    void eachByteIsALockOfItsOwn() {
        long far = 1L << 40;
        assertThat(FileLock.tryLock(one, far, 1)).isTrue();
        assertThat(FileLock.tryLock(other, far + 1, 1)).isTrue();
        assertThat(FileLock.tryLock(other, far - 1, 1)).isTrue();
        assertThat(FileLock.tryLock(other, far - 1, 3)).isFalse();
    }

    @Test
    void closingGivesUp() {
        assertThat(FileLock.tryLock(one, 0, 1)).isTrue();
        Fd third = directory.openFile("lock", Linux.O_RDWR, 0);
        third.close();
        assertThat(FileLock.tryLock(other, 0, 1)).as("another descriptor's close, as with POSIX locks").isFalse();
        one.close();
        assertThat(FileLock.tryLock(other, 0, 1)).isTrue();
    }

    @Test
    void theEndOfAProcessGivesUp() throws Exception {
        try (ChildJvm child = ChildJvm.start("lock", temp.toString(), "lock")) {
            assertThat(child.line()).isEqualTo("locked true");
            assertThat(FileLock.isLockedElsewhere(one, 7, 1)).isTrue();
            assertThat(FileLock.tryLock(one, 7, 1)).isFalse();
            child.kill();
            assertThat(FileLock.tryLock(one, 7, 1)).isTrue();
        }
    }

    @Test
    void aFileThatIsOpenForReadingIsRefused() {
        try (Fd reader = directory.openFile("lock", Linux.O_RDONLY, 0)) {
            assertThatThrownBy(() -> FileLock.tryLock(reader, 0, 1))
                    .isInstanceOf(KernelException.class)
                    .hasMessageContaining("EBADF");
        }
    }
}
