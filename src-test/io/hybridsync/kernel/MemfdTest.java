package io.hybridsync.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.AccessDeniedException;
import io.hybridsync.error.KernelException;
import io.hybridsync.error.ProtocolException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(OpenFiles.class)
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class MemfdTest {

    private static final int SIZE_SEALS = Linux.F_SEAL_SHRINK | Linux.F_SEAL_GROW;
    private static final int FINAL_SEALS = SIZE_SEALS | Linux.F_SEAL_SEAL;
    private static final int UNSEALED = Linux.MFD_CLOEXEC | Linux.MFD_ALLOW_SEALING;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sizeAndSealsNeverChange(boolean noexec) {
        Features features = new Features(true, noexec && Features.current().memfdNoexecSeal(), true, true);
        try (Memfd memfd = Memfd.create("memfd-test", 8192, features)) {
            assertThat(memfd.size()).isEqualTo(8192);
            assertThat(Stat.of(memfd.fd()).size()).isEqualTo(8192);
            assertThat(SystemCall.FTRUNCATE.on(memfd.fd(), 4096)).isEqualTo(-Errno.EPERM);
            assertThat(SystemCall.FTRUNCATE.on(memfd.fd(), 16384)).isEqualTo(-Errno.EPERM);
            assertThat(seal(memfd.fd(), Linux.F_SEAL_WRITE)).isEqualTo(-Errno.EPERM);
            int executable = Stat.of(memfd.fd()).permissions() & 0111;
            assertThat(executable == 0).isEqualTo(features.memfdNoexecSeal());
        }
    }

    @Test
    void onlyItsMakerWritesToMemoryForOneWriter() {
        try (Memfd memfd = Memfd.createForOneWriter("memfd-test", 4096)) {
            Mapping writer = memfd.map();
            assertThat(memfd.sealForOneWriter()).isTrue();
            writer.segment().set(JAVA_LONG, 8, 42);
            assertThat(memfd.mapForReading().segment().get(JAVA_LONG, 8)).isEqualTo(42);
            assertThatThrownBy(memfd::map).isInstanceOf(AccessDeniedException.class);
            assertThat(seal(memfd.fd(), Linux.F_SEAL_WRITE)).isEqualTo(-Errno.EPERM);
        }
    }

    @Test
    void memoryThatOthersCouldWriteToIsNoMemoryForOneWriter() {
        Memfd memfd = Memfd.create("memfd-test", 4096);
        assertThatThrownBy(() -> Memfd.receiveForReading(memfd.fd(), 4096))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("F_SEAL_FUTURE_WRITE");
    }

    @Test
    void mappingsShareTheMemoryAndOutliveTheDescriptor() {
        Memfd memfd = Memfd.create("memfd-test", 4096);
        Mapping writer = memfd.map();
        Mapping reader = memfd.map();
        memfd.close();
        assertThat(writer.size()).isEqualTo(4096);
        assertThat(writer.address()).isNotEqualTo(reader.address());
        writer.segment().set(JAVA_LONG, 8, 42);
        assertThat(reader.segment().get(JAVA_LONG, 8)).isEqualTo(42);
    }

    @Test
    void aMappingIsUnmappedWhenNothingReachesIt() throws Exception {
        MemorySegment segment = segmentOfAMappingThatNobodyHolds("memfd-test-lost");
        System.gc();
        segment.set(JAVA_LONG, 0, 1);
        assertThat(isMapped("memfd-test-lost")).as("its segment is reachable").isTrue();
        segment = MemorySegment.NULL;
        while (isMapped("memfd-test-lost")) {
            System.gc();
            Thread.onSpinWait();
        }
        assertThat(segment.address()).isZero();
    }

    private static MemorySegment segmentOfAMappingThatNobodyHolds(String name) {
        try (Memfd memfd = Memfd.create(name, 4096)) {
            return memfd.map().segment().asSlice(8);
        }
    }

    private static boolean isMapped(String name) throws IOException {
        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            return maps.anyMatch(line -> line.contains(name));
        }
    }

    @Test
    void aSealedOneIsReceived() {
        Memfd sent = Memfd.create("memfd-test", 4096);
        try (Memfd received = Memfd.receive(sent.fd(), 4096)) {
            assertThat(received.size()).isEqualTo(4096);
            assertThat(received.fd()).isSameAs(sent.fd());
        }
    }

    @Test
    void aPipeIsRefused() throws IOException {
        Process pipe = new ProcessBuilder("cat").start();
        try (Directory fds = Directory.open(Path.of("/proc/" + pipe.pid() + "/fd"))) {
            Fd fd = follow(fds, "0");
            assertRefused(fd, 4096, "another type", "EINVAL");
        } finally {
            pipe.destroyForcibly();
        }
    }

    /** What openFile never does: it goes through the link, to the pipe itself. */
    private static Fd follow(Directory fds, String name) {
        try (Arena arena = Arena.ofConfined()) {
            long path = arena.allocateFrom(name).address();
            return new Fd((int) SystemCall.OPENAT.on(fds.fd(), path, Linux.O_WRONLY | Linux.O_CLOEXEC, 0));
        }
    }

    @Test
    void aRegularFileIsRefused(@TempDir Path temp) throws IOException {
        Files.write(temp.resolve("file"), new byte[4096]);
        try (Directory directory = Directory.open(temp)) {
            assertRefused(directory.openFile("file", Linux.O_RDWR, 0), 4096, "memfd");
        }
    }

    @Test
    void aFileInMemoryIsRefused() throws IOException {
        Path file = Files.createTempFile(Path.of("/dev/shm"), "memfd-test", "");
        try (Directory directory = Directory.open(Path.of("/dev/shm"))) {
            assertRefused(directory.openFile(file.getFileName().toString(), Linux.O_RDWR, 0), 0, "seals 0x1");
        } finally {
            Files.delete(file);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, SIZE_SEALS, Linux.F_SEAL_SHRINK | Linux.F_SEAL_SEAL, Linux.F_SEAL_GROW | Linux.F_SEAL_SEAL})
    void oneThatIsNotSealedForGoodIsRefused(int seals) {
        assertRefused(sealed(seals), 4096, "sealed against shrinking, growing and more seals");
    }

    /** Who has it could keep others from mapping it at any time. */
    @ParameterizedTest
    @ValueSource(ints = {Linux.F_SEAL_WRITE, Linux.F_SEAL_FUTURE_WRITE})
    void oneThatCannotBeWrittenOrCouldBeMadeSoIsRefused(int writeSeal) {
        assertRefused(sealed(FINAL_SEALS | writeSeal), 4096, "F_SEAL_WRITE");
        Fd open = sealed(SIZE_SEALS | Linux.F_SEAL_FUTURE_WRITE);
        assertThatThrownBy(() -> Memfd.receiveForReading(open, 4096))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("more seals");
        assertThat(open.isClosed()).isTrue();
    }

    /** A socket is refused after what was there has gone. */
    @Test
    void whereOtherMemoryCannotBeMappedThereAreZeroes() throws IOException {
        SeqPacket[] pair = Sockets.pair();
        Memfd memfd = Memfd.create("memfd-test", 4096);
        Mapping mapping = memfd.map();
        mapping.segment().set(JAVA_LONG, 8, 42);
        assertThat(mapping.blank()).isTrue();
        assertThatThrownBy(() -> mapping.show(pair[0].fd())).isInstanceOf(KernelException.class);
        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            assertThat(maps.anyMatch(line -> contains(line, mapping.address()))).as("an access kills nobody").isTrue();
        }
        assertThat(mapping.segment().get(JAVA_LONG, 8)).isZero();
        memfd.mapOver(mapping);
        assertThat(mapping.segment().get(JAVA_LONG, 8)).isEqualTo(42);
        memfd.close();
        pair[0].close();
        pair[1].close();
    }

    private static boolean contains(String line, long address) {
        long begin = Long.parseUnsignedLong(line.substring(0, line.indexOf('-')), 16);
        long end = Long.parseUnsignedLong(line.substring(line.indexOf('-') + 1, line.indexOf(' ')), 16);
        return begin <= address && address < end;
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 4095, 8192, Long.MAX_VALUE})
    void oneOfAnotherSizeIsRefused(long expected) {
        assertRefused(sealed(FINAL_SEALS), expected, expected + " bytes, got 4096");
    }

    private static void assertRefused(Fd fd, long size, String... message) {
        assertThatThrownBy(() -> Memfd.receive(fd, size))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContainingAll(message);
        assertThat(fd.isClosed()).isTrue();
    }

    private static Fd sealed(int seals) {
        Fd fd = new Fd((int) Memfd.rawCreate("memfd-test", UNSEALED));
        assertThat(SystemCall.FTRUNCATE.on(fd, 4096)).isZero();
        assertThat(seal(fd, seals)).isZero();
        return fd;
    }

    private static long seal(Fd fd, int seals) {
        return SystemCall.FCNTL.on(fd, Linux.F_ADD_SEALS, seals, 0);
    }

    @Test
    void badArgumentsAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Memfd.create("memfd-test", 0));
        assertThatIllegalArgumentException().isThrownBy(() -> Memfd.create("memfd-test", -1));
        assertThatThrownBy(() -> Memfd.create("x".repeat(250), 4096)).hasMessageContaining("EINVAL");
    }

    /** The kernel maps nothing then, not even over what is mapped already. */
    @Test
    void aProcessWithoutMappingsCanLetGoOfASlab() throws Exception {
        List<String> frugal = List.of("-Xint", "-Xms64m", "-XX:+AlwaysPreTouch");
        try (ChildJvm child = ChildJvm.start(frugal, "mappings")) {
            assertThat(child.line()).as("gone, its file open, what others say, what the next one says").isEqualTo("true false 7 9, true false 7 9");
        }
    }
}
