package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.kernel.Errno;
import io.hybridsync.kernel.SeqPacket;
import io.hybridsync.wire.Channel;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One connection, where the kernel takes what is sent or does not. */
class ConnectionTest {

    private static final int BYTES = 100;

    private final Budget budget = new Budget(10_000);
    private final Deque<Integer> results = new ArrayDeque<>();
    private int sent;
    private final Connection connection =
            new Connection(1, new Channel(SeqPacket.open()), (frame, fd) -> result(), budget, 5_000);

    @AfterEach
    void close() {
        connection.close();
        assertThat(budget.left()).isEqualTo(10_000);
    }

    private int result() {
        int result = results.isEmpty() ? BYTES : results.remove();
        sent += result > 0 ? 1 : 0;
        return result;
    }

    /** As those are made that are sent: in the beginning of a larger array. */
    private static ByteBuffer frame() {
        return ByteBuffer.allocate(1000).limit(BYTES);
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.ETOOMANYREFS, Errno.ENOBUFS, Errno.ENOMEM})
    void whatTheMachineLacksIsNotTheEndOfTheConnection(int errno) {
        results.addAll(List.of(-errno, -errno, -errno));
        assertThat(connection.sendNow(frame(), null)).isEqualTo(Connection.Sent.NO_ROOM);
        assertThat(connection.isStarved()).isTrue();
        assertThat(connection.send(frame(), null)).isEqualTo(Connection.Sent.ACCEPTED);
        assertThat(connection.isWaiting()).isTrue();
        assertThat(connection.flush()).isEqualTo(Connection.Sent.ACCEPTED);
        assertThat(connection.isStarved()).isTrue();
        assertThat(sent).isZero();
        assertThat(connection.flush()).isEqualTo(Connection.Sent.ACCEPTED);
        assertThat(connection.isStarved()).isFalse();
        assertThat(connection.isWaiting()).isFalse();
        assertThat(sent).isEqualTo(1);
    }

    @Test
    void whereTheSocketTellsWhenThereIsRoomNobodyStarves() {
        results.add(-Errno.EAGAIN);
        assertThat(connection.send(frame(), null)).isEqualTo(Connection.Sent.ACCEPTED);
        assertThat(connection.isStarved()).isFalse();
        results.add(-Errno.EPIPE);
        assertThat(connection.flush()).isEqualTo(Connection.Sent.GONE);
    }

    /** It is not this peer that has used it up. */
    @Test
    void whereTheHeapIsFullALittleMayWaitNevertheless() {
        long left = budget.left();
        assertThat(budget.take(left)).isTrue();
        results.add(-Errno.EAGAIN);
        int waiting = 0;
        while (connection.send(frame(), null) == Connection.Sent.ACCEPTED) {
            waiting++;
        }
        assertThat(waiting).as("the part that is there for that").isBetween(3, 6);
        assertThat(connection.flush()).isEqualTo(Connection.Sent.ACCEPTED);
        assertThat(budget.left()).as("it is not for others").isZero();
        budget.giveBack(left);
    }

    @Test
    void aLittleIsNotMoreThanALittle() {
        Budget large = new Budget(100L * Account.OWN_BYTES);
        assertThat(large.take(large.left())).isTrue();
        Account account = new Account(large);
        assertThat(account.take(Account.OWN_BYTES + 1)).isFalse();
        assertThat(account.take(Account.OWN_BYTES)).isTrue();
        assertThat(account.take(1)).isFalse();
        large.giveBack(1);
        assertThat(account.take(1)).isTrue();
        account.giveBack(Account.OWN_BYTES);
        assertThat(large.left()).isZero();
        assertThat(account.take(Account.OWN_BYTES)).as("its own comes back first").isTrue();
    }

    @Test
    void whatWaitsIsPaidForWithAllThatItTakes() {
        results.add(-Errno.EAGAIN);
        int waiting = 0;
        while (connection.send(frame(), null) == Connection.Sent.ACCEPTED) {
            waiting++;
        }
        assertThat(10_000 - budget.left()).isBetween(waiting * (BYTES + 100L), 5_000L);
    }
}
