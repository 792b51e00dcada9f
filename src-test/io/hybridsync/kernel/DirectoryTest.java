package io.hybridsync.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.AccessDeniedException;
import io.hybridsync.error.KernelException;
import io.hybridsync.error.ObjectClosedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(OpenFiles.class)
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class DirectoryTest {

    private static final int NEW = Linux.O_CREAT | Linux.O_EXCL | Linux.O_RDWR;

    @TempDir
    Path temp;

    private Directory directory;

    @BeforeEach
    void open() {
        directory = Directory.open(temp);
    }

    @AfterEach
    void close() {
        directory.close();
    }

    @Test
    void linksFilesAndNothingAreNoDirectories() throws IOException {
        Files.createDirectory(temp.resolve("real"));
        Files.createSymbolicLink(temp.resolve("link"), Path.of("real"));
        Files.createFile(temp.resolve("file"));
        for (String name : new String[] {"link", "file"}) {
            assertRefused(() -> directory.child(name), name);
            assertRefused(() -> Directory.open(temp.resolve(name)), name);
        }
        assertErrno(Errno.ENOENT, () -> directory.child("none"));
        assertErrno(Errno.ENOENT, () -> Directory.open(temp.resolve("none")));
    }

    private void assertRefused(ThrowingCallable open, String name) {
        assertThatThrownBy(open)
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContainingAll(temp + "/" + name, "symbolic link");
    }

    private static void assertErrno(int errno, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(KernelException.class, e -> assertThat(e.errno()).isEqualTo(errno));
    }

    @Test
    void childrenAreMadeOnceAndRemovedWhenEmpty() {
        assertThat(directory.makeChild("child", 0700)).isTrue();
        assertThat(directory.makeChild("child", 0700)).isFalse();
        assertThat(stat("child").isDirectory()).isTrue();
        assertThat(stat("child").permissions()).isEqualTo(0700);
        try (Directory child = directory.child("child")) {
            assertThat(child.path()).isEqualTo(temp.resolve("child"));
            assertThat(child.stat()).isEqualTo(stat("child"));
            child.makeChild("grandchild", 0700);
            assertThat(directory.remove("child")).as("not empty").isFalse();
            assertThat(child.remove("grandchild")).isTrue();
        }
        assertThat(directory.remove("child")).isTrue();
        assertThat(directory.remove("child")).as("gone").isFalse();
    }

    @Test
    void aHandleStaysOnItsDirectory() throws IOException {
        directory.makeChild("child", 0700);
        try (Directory child = directory.child("child")) {
            Files.move(temp.resolve("child"), temp.resolve("moved"));
            Files.createDirectory(temp.resolve("child"));
            child.openFile("file", NEW, 0600).close();
            assertThat(temp.resolve("moved/file")).exists();
        }
    }

    @Test
    void filesAreOpenedMadeRenamedAndUnlinked() {
        try (Fd file = directory.openFile("file", NEW, 0600)) {
            assertThat(Stat.of(file)).isEqualTo(stat("file"));
            assertThat(Stat.of(file).isRegularFile()).isTrue();
            directory.rename("file", "other");
            assertThat(directory.statChild("file")).isNull();
            assertThat(Stat.of(file).isSameFile(stat("other"))).isTrue();
            assertErrno(Errno.EEXIST, () -> directory.openFile("other", NEW, 0600));
            assertErrno(Errno.ENOENT, () -> directory.openFile("file", Linux.O_RDWR, 0));
            assertErrno(Errno.ENOENT, () -> directory.rename("file", "other"));
            assertThat(directory.unlink("other")).isTrue();
            assertThat(directory.unlink("other")).isFalse();
            assertThat(Stat.of(file).links()).isZero();
        }
    }

    @Test
    void aLinkIsNotFollowedToAFile() throws IOException {
        Files.writeString(temp.resolve("secret"), "x");
        Files.createSymbolicLink(temp.resolve("link"), Path.of("secret"));
        assertErrno(Errno.ELOOP, () -> directory.openFile("link", Linux.O_RDONLY, 0));
        assertThat(stat("link").isSymlink()).isTrue();
        assertErrno(Errno.EOPNOTSUPP, () -> directory.chmod("link", 0777));
        assertThat(stat("secret").permissions()).isNotEqualTo(0777);
        assertThat(directory.unlink("link")).isTrue();
        assertThat(temp.resolve("secret")).exists();
    }

    @Test
    void aFifoDoesNotBlock() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", temp.resolve("fifo").toString()).start().waitFor())
                .isZero();
        Fd fd = directory.openFile("fifo", Linux.O_RDONLY, 0);
        assertThat(Stat.of(fd).isRegularFile()).isFalse();
        fd.close();
    }

    @Test
    void modeAndOwnerAreSetWhateverTheUmask() {
        directory.makeChild("child", 0);
        directory.chmod("child", 02770);
        assertThat(stat("child").permissions()).isEqualTo(02770);
        directory.openFile("file", NEW, 0).close();
        directory.chmod("file", 0666);
        assertThat(stat("file").permissions()).isEqualTo(0666);
        directory.chown("file", -1, Processes.getegid());
        assertThat(stat("file").uid()).isEqualTo(Processes.geteuid());
        assertThat(stat("file").gid()).isEqualTo(Processes.getegid());
        if (Processes.geteuid() == 0) {
            directory.chown("file", 65534, 65533);
            assertThat(stat("file").uid()).isEqualTo(65534);
            assertThat(stat("file").gid()).isEqualTo(65533);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "/", "a\0b"})
    void namesAreSinglePathComponents(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> directory.statChild(name));
        assertThatIllegalArgumentException().isThrownBy(() -> directory.child(name));
        assertThatIllegalArgumentException().isThrownBy(() -> directory.procPath(name));
    }

    @Test
    void namesAreUtf8() {
        directory.makeChild("dömäne ☃", 0700);
        assertThat(temp.resolve("dömäne ☃")).isDirectory();
    }

    @Test
    void procPathNamesTheSameFile() throws IOException {
        directory.openFile("file", NEW, 0600).close();
        assertThat(Files.isSameFile(Path.of(directory.procPath("file")), temp.resolve("file"))).isTrue();
        directory.close();
        assertThatThrownBy(() -> directory.procPath("file")).isInstanceOf(ObjectClosedException.class);
        assertThatThrownBy(() -> directory.stat()).isInstanceOf(ObjectClosedException.class);
    }

    private Stat stat(String name) {
        return Objects.requireNonNull(directory.statChild(name));
    }
}
