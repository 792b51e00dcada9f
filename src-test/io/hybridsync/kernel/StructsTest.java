package io.hybridsync.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The structs on a plain segment, without a kernel. */
class StructsTest {

    private final Arena arena = Arena.ofShared();

    @AfterEach
    void free() {
        arena.close();
    }

    @Test
    void timespec() {
        MemorySegment memory = arena.allocate(Timespec.BYTES, 8);
        new Timespec(memory).set(3_000_000_007L);
        assertThat(memory.toArray(JAVA_LONG)).containsExactly(3, 7);
        new Timespec(memory).set(-1);
        assertThat(memory.toArray(JAVA_LONG)).as("the kernel refuses negative times").containsExactly(0, 0);
    }

    @Test
    void futexWaitv() {
        MemorySegment memory = arena.allocate(2 * FutexWaitv.BYTES, 8).fill((byte) -1);
        FutexWaitv words = new FutexWaitv(memory);
        words.set(0, 0x1234, 5);
        words.set(1, 0x5678, -1);
        assertThat(memory.toArray(JAVA_LONG))
                .as("the expected value is zero-extended, the flags say 32 bits and shared")
                .containsExactly(5, 0x1234, 2, 0xffff_ffffL, 0x5678, 2);
    }

    @Test
    void flock() {
        Flock lock = Flock.of(arena, Linux.F_WRLCK, 7, 3);
        assertThat(lock.segment().toArray(JAVA_LONG)).containsExactly(Linux.F_WRLCK, 7, 3, 0);
        lock.segment().set(JAVA_SHORT, 0, (short) Linux.F_UNLCK);
        assertThat(lock.type()).isEqualTo(Linux.F_UNLCK);
    }

    @Test
    void epollEvent() {
        MemorySegment memory = arena.allocate(2L * EpollEvent.BYTES, 8);
        EpollEvent events = new EpollEvent(memory);
        events.set(1, Linux.EPOLLIN | Linux.EPOLLET, 0x0102_0304_0506_0708L);
        assertThat(events.events(1)).isEqualTo(Linux.EPOLLIN | Linux.EPOLLET);
        assertThat(events.data(1)).isEqualTo(0x0102_0304_0506_0708L);
        int data = Arch.current().get("offsetof.epoll_event.data");
        assertThat(memory.get(JAVA_INT_UNALIGNED, EpollEvent.BYTES)).isEqualTo(0x8000_0001);
        assertThat(memory.get(JAVA_LONG_UNALIGNED, EpollEvent.BYTES + data)).isEqualTo(0x0102_0304_0506_0708L);
    }

    @Test
    void sockaddrUn() {
        SockaddrUn address = SockaddrUn.of(arena, "/ü");
        assertThat(address.segment().asSlice(0, 6).toArray(JAVA_BYTE)).containsExactly(1, 0, '/', 0xc3, 0xbc, 0);
        assertThat(SockaddrUn.of(arena, "x".repeat(107)).segment().get(JAVA_BYTE, 109)).isZero();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SockaddrUn.of(arena, "x".repeat(108)))
                .withMessageContaining("108 bytes");
    }

    @Test
    void ucred() {
        assertThat(Peer.read(arena.allocateFrom(JAVA_INT, 17, 1000, 100))).isEqualTo(new Peer(17, 1000, 100));
    }

    @Test
    void statx() {
        MemorySegment statx = arena.allocate(Stat.BYTES, 8);
        statx.set(JAVA_INT, 16, 2);
        statx.set(JAVA_INT, 20, 1000);
        statx.set(JAVA_INT, 24, 100);
        statx.set(JAVA_SHORT, 28, (short) 0100640);
        statx.set(JAVA_LONG, 32, 77);
        statx.set(JAVA_LONG, 40, 4096);
        statx.set(JAVA_INT, 136, 8);
        statx.set(JAVA_INT, 140, 1);
        Stat stat = Stat.read(statx);
        assertThat(stat).isEqualTo(new Stat(0x8_0000_0001L, 77, 1000, 100, 0100640, 4096, 2));
        assertThat(stat.isRegularFile()).isTrue();
        assertThat(stat.isDirectory() || stat.isSymlink() || stat.isSocket()).isFalse();
        assertThat(stat.permissions()).isEqualTo(0640);
        assertThat(stat.isSameFile(new Stat(0x8_0000_0001L, 77, 0, 0, 0, 0, 0))).isTrue();
        assertThat(stat.isSameFile(new Stat(0x8_0000_0002L, 77, 0, 0, 0, 0, 0))).isFalse();
        assertThat(stat.isSameFile(new Stat(0x8_0000_0001L, 78, 0, 0, 0, 0, 0))).isFalse();
    }

    @Test
    void msghdr() {
        MemorySegment message = arena.allocate(5);
        MsgHdr header = MsgHdr.of(arena, message);
        header.control(Cmsg.of(arena, 9));
        MemorySegment memory = header.segment();
        assertThat(memory.get(JAVA_LONG, 16)).isEqualTo(memory.address() + 56);
        assertThat(memory.get(JAVA_LONG, 24)).isEqualTo(1);
        assertThat(memory.get(JAVA_LONG, 40)).isEqualTo(24);
        assertThat(memory.get(JAVA_LONG, 56)).isEqualTo(message.address());
        assertThat(memory.get(JAVA_LONG, 64)).isEqualTo(5);
        assertThat(header.isTruncated()).isFalse();
        assertThat(header.isControlTruncated()).isFalse();
        memory.set(JAVA_INT, 48, Linux.MSG_CTRUNC);
        assertThat(header.isTruncated()).isFalse();
        assertThat(header.isControlTruncated()).isTrue();
        memory.set(JAVA_INT, 48, Linux.MSG_TRUNC);
        assertThat(header.isTruncated()).isTrue();
    }

    @Test
    void cmsgOfOneDescriptor() {
        Cmsg control = Cmsg.of(arena, 9);
        assertThat(control.segment().toArray(JAVA_INT)).containsExactly(20, 0, 1, 1, 9, 0);
    }

    /** The numbers are far above what is open, and nothing here closes them. */
    @Test
    void descriptorsAreTakenFromEveryHeaderThatCarriesThem() {
        int[] rights = {24, 0, 1, 1, 9001, 9002};
        int[] others = {20, 0, 1, 2, 9003, 0};
        int[] again = {20, 0, 1, 1, 9004, 0};
        assertThat(taken(24, rights)).containsExactly(9001, 9002);
        assertThat(taken(72, rights, others, again)).containsExactly(9001, 9002, 9004);
        assertThat(taken(20, again)).as("the alignment is not filled").containsExactly(9004);
        assertThat(taken(20, rights)).as("cut by the kernel").containsExactly(9001);
        assertThat(taken(0, rights)).isEmpty();
        assertThat(taken(24, new int[] {0, 0, 1, 1, 9001, 9002})).as("a length of 0 ends nothing").isEmpty();
    }

    private List<Integer> taken(long filled, int[]... headers) {
        MemorySegment memory = arena.allocate(headers.length * 24L, 8);
        for (int i = 0; i < headers.length; i++) {
            MemorySegment.copy(headers[i], 0, memory, JAVA_INT, i * 24L, 6);
        }
        List<Fd> fds = new ArrayList<>();
        new Cmsg(memory).takeFds(filled, fds);
        return fds.stream().map(Fd::value).toList();
    }
}
