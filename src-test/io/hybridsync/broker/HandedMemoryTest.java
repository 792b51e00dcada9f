package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.ProtocolException;
import io.hybridsync.kernel.Descriptors;
import io.hybridsync.kernel.Fd;
import io.hybridsync.kernel.Lingering;
import io.hybridsync.kernel.Mapping;
import io.hybridsync.kernel.Memfd;
import io.hybridsync.slab.MappedSlab;
import io.hybridsync.slab.MappedSlabs;
import io.hybridsync.wire.Codec;
import io.hybridsync.wire.LockFile;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Mode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients hand to a broker on the real kernel as memory of theirs, and is of no use. */
@Timeout(60)
class HandedMemoryTest {

    /** Of clients it is told nothing. */
    private abstract static class ForJournals implements Register {
        @Override
        public int lastClient() {
            return 0;
        }

        @Override
        public void reserveClients(int last) {
            throw new AssertionError("nobody is given an id");
        }
    }

    private static final Register NOTHING_WRITTEN = new ForJournals() {
        @Override
        public List<LockFile.Named> journals() {
            return List.of();
        }

        @Override
        public void write(List<LockFile.Named> journals) {
            throw new AssertionError("no journal is given to anybody");
        }
    };

    private static final int BYTES = 4096;

    @BeforeAll
    static void load() {
        Lingering.load();
    }

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
            say(bad, ledger(), denied);
        }
        assertThat(bad.refusal()).contains("cannot be mapped");
        assertThat(witness.names()).containsExactly("a");
        assertThat(broker.log()).doesNotContain("could not be dealt with");
    }

    /**
     * Nobody has it but the broker, which reads it or does not, and closing it takes an hour. The broker's end does not wait
     * either.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatTakesLongToCloseHoldsUpNobody(boolean read) throws Exception {
        Broker started = Broker.start(broker.directory(), broker.quick()).orElseThrow();
        try (Lingering socket = Lingering.open()) {
            TestClient bad = broker.stranger();
            if (!read) {
                say(bad, new Message.Alive(), null);
            }
            say(bad, ledger(), socket.give());
            socket.letGo();
            BrokerFixture.Running running = new BrokerFixture.Running(started);
            bad.awaitEnd();
            TestClient witness = broker.client();
            assertThat(witness.names()).isEmpty();
            witness.close();
            running.awaitEnd();
        }
    }

    private static Message ledger() {
        return new Message.Hand(Memory.LEDGER, 1, BYTES);
    }

    private static void say(TestClient client, Message message, @Nullable Fd fd) {
        assertThat(client.channel().trySend(Codec.encode(message), fd)).isPositive();
    }

    @ParameterizedTest
    @EnumSource(value = Memory.class, mode = EnumSource.Mode.EXCLUDE, names = "LEDGER")
    void whatMayNotBeMappedIsNoMemoryOfABrokerBefore(Memory memory) {
        try (MappedSlabs slabs = new MappedSlabs();
                Memfd memfd = memory == Memory.SLAB ? Memfd.create("slab", BYTES) : forOneWriter()) {
            SharedStorage storage = new SharedStorage(slabs, NOTHING_WRITTEN);
            Fd denied = memory == Memory.SLAB ? Descriptors.forReadingOnly(memfd) : Descriptors.forWritingOnly(memfd);
            assertThatThrownBy(() -> storage.adopt(denied, new Message.Hand(memory, 1, BYTES)))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageContaining("cannot be mapped");
            assertThat(denied.isClosed()).isTrue();
        }
    }

    /** Or nobody's would be the one that was written down. */
    @Test
    void aJournalThatComesBackIsTheOneThatWasWrittenDown() {
        List<LockFile.Named> written = new ArrayList<>();
        Register register = new ForJournals() {
            @Override
            public List<LockFile.Named> journals() {
                return written;
            }

            @Override
            public void write(List<LockFile.Named> journals) {
                written.clear();
                written.addAll(journals);
            }
        };
        try (MappedSlabs slabs = new MappedSlabs()) {
            SharedStorage storage = new SharedStorage(slabs, register);
            MappedSlab first = (MappedSlab) storage.createOwn(0, BYTES);
            Message.Hand hand = new Message.Hand(Memory.JOURNAL, 0, BYTES);
            MappedSlab second = (MappedSlab) storage.createOwn(1, BYTES);
            Chronicle chronicle = new Chronicle(List.of(
                    new Chronicle.Line(storage.identity(second), 2), new Chronicle.Line(storage.identity(first), 1)));
            storage.write(chronicle);
            assertThat(storage.chronicle()).isEqualTo(chronicle);
            assertThat(storage.chronicle().lines())
                    .extracting(Chronicle.Line::file)
                    .containsExactly(storage.identity(second.memfd().fd(), hand), storage.identity(first.memfd().fd(), hand));
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
