package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.ProtocolException;
import io.hybridsync.kernel.Descriptors;
import io.hybridsync.kernel.Fd;
import io.hybridsync.kernel.Mapping;
import io.hybridsync.kernel.Memfd;
import io.hybridsync.slab.MappedSlabs;
import io.hybridsync.wire.Codec;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Mode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;


/** What clients hand to a broker on the real kernel as memory of theirs, and is of no use. */
@Timeout(60)
class HandedMemoryTest {

    private static final int BYTES = 4096;

    @RegisterExtension
    final BrokerFixture broker = new BrokerFixture();

    @Test
    void whoHandsALedgerThatMayNotBeMappedIsRefusedAlone() {
        broker.start();
        TestClient witness = broker.client();
        witness.opened(Mode.CREATE, "a");
        TestClient bad = broker.client();
        try (Memfd memfd = Memfd.create("ledger", BYTES);
                Fd denied = Descriptors.forReadingOnly(memfd)) {
            Message hand = new Message.Hand(Memory.LEDGER, 1, BYTES);
            assertThat(bad.channel().trySend(Codec.encode(hand), denied)).isPositive();
        }
        assertThat(bad.refusal()).contains("cannot be mapped");
        assertThat(witness.names()).containsExactly("a");
        assertThat(broker.log()).doesNotContain("could not be dealt with");
    }

    @ParameterizedTest
    @EnumSource(value = Memory.class, mode = EnumSource.Mode.EXCLUDE, names = "LEDGER")
    void whatMayNotBeMappedIsNoMemoryOfABrokerBefore(Memory memory) {
        try (MappedSlabs slabs = new MappedSlabs();
                Memfd memfd = memory == Memory.SLAB ? Memfd.create("slab", BYTES) : forOneWriter()) {
            SharedStorage storage = new SharedStorage(slabs);
            Fd denied = memory == Memory.SLAB ? Descriptors.forReadingOnly(memfd) : Descriptors.forWritingOnly(memfd);
            assertThatThrownBy(() -> storage.adopt(denied, new Message.Hand(memory, 1, BYTES)))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageContaining("cannot be mapped");
            assertThat(denied.isClosed()).isTrue();
        }
    }

    private static Memfd forOneWriter() {
        Memfd memfd = Memfd.createForOneWriter("own", BYTES);
        Mapping writer = memfd.map();
        assertThat(memfd.sealForOneWriter()).isTrue();
        assertThat(writer.size()).isEqualTo(BYTES);
        return memfd;
    }
}
