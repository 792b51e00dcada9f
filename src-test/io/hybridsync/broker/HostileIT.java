package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.EventSpec;
import io.hybridsync.HybridEvent;
import io.hybridsync.HybridSemaphore;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;
import io.hybridsync.kernel.Fd;
import io.hybridsync.kernel.Memfd;
import io.hybridsync.kernel.SeqPacket;
import io.hybridsync.kernel.Sockets;
import io.hybridsync.process.Residue;
import io.hybridsync.wire.Codec;
import io.hybridsync.wire.Domain;
import io.hybridsync.wire.DomainDirectory;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Messages;
import io.hybridsync.wire.Mode;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that mean harm, at a broker that is a process of its own; others go on meanwhile. {@code -Dhostile.seed=N} says
 * the same again.
 */
@Timeout(60)
class HostileIT {

    private static final String DOMAIN = "hostile";
    private static final int ATTACKS = 400;
    private static final int SILENT = 300;
    private static final int FLOOD = 2000;

    @TempDir
    Path parent;

    @AfterEach
    void nothingIsLeft() {
        Residue.assertOnly(parent, DOMAIN + "/broker.log");
    }

    @Test
    void whateverIsSaidOthersGoOnAndNothingOfItStays() throws Exception {
        long seed = Long.getLong("hostile.seed", System.nanoTime());
        System.out.println("hostile.seed=" + seed);
        Random random = new Random(seed);
        try (SyncDomain witness = domain();
                SyncDomain another = domain();
                DomainDirectory directory = Domain.of(DOMAIN, parent).make();
                Memfd memfd = Memfd.create("hostile", 4096)) {
            ProcessHandle broker = Residue.brokers(parent).getFirst();
            cooperate(witness, another);
            keepOnce(witness);
            long before = descriptors(broker);
            List<TestClient> silent = new ArrayList<>();
            for (int i = 0; i < SILENT; i++) {
                silent.add(TestClient.stranger(directory));
            }
            for (int i = 0; i < ATTACKS; i++) {
                attack(directory, random, memfd.fd());
                cooperate(witness, another);
            }
            for (Class<?> record : Flood.records()) {
                flood(directory, record, random, memfd.fd());
                cooperate(witness, another);
            }
            silent.forEach(TestClient::close);
            while (descriptors(broker) > before || witness.objects().size() > 0) {
                LockSupport.parkNanos(1_000_000);
            }
            assertThat(Residue.brokers(parent)).containsExactly(broker);
        }
    }

    private SyncDomain domain() {
        return SyncDomain.builder(DOMAIN).directory(parent).linger(Duration.ZERO).open();
    }

    /** Memory of the whole domain and of the broker's own stays, once somebody has had objects there: as many as a flood makes. */
    private static void keepOnce(SyncDomain domain) {
        List<HybridEvent> events = new ArrayList<>();
        for (int i = 0; i < FLOOD; i++) {
            events.add(domain.createEvent(EventSpec.autoReset().global()));
            events.add(domain.createEvent(EventSpec.autoReset().brokerOnly()));
        }
        events.forEach(HybridEvent::close);
    }

    /** Two who behave find what they expect. */
    private static void cooperate(SyncDomain one, SyncDomain two) throws InterruptedException {
        try (HybridSemaphore mine = one.createSemaphore("ours", SemaphoreSpec.permits(0));
                HybridSemaphore yours = two.openSemaphore("ours")) {
            yours.release();
            mine.acquire();
        }
    }

    /** One connection that says one thing that it must not, or nothing to the end. */
    private static void attack(DomainDirectory directory, Random random, Fd memfd) {
        boolean known = random.nextInt(3) > 0;
        try (TestClient bad = known ? TestClient.connect(directory) : TestClient.stranger(directory)) {
            if (known && random.nextBoolean()) {
                bad.opened(Mode.OPEN_OR_CREATE, "theirs" + random.nextInt(3));
            }
            ByteBuffer frame = Codec.encode(Messages.any().sample());
            switch (random.nextInt(6)) {
                case 0 -> say(bad, bytes(random), null);
                case 1 -> say(bad, frame.limit(1 + random.nextInt(frame.limit())), null);
                case 2 -> {
                    int at = random.nextInt(frame.limit());
                    say(bad, frame.put(at, (byte) (frame.get(at) ^ (1 << random.nextInt(Byte.SIZE)))), null);
                }
                case 3 -> say(bad, frame, memfd);
                case 4 -> sayWithSocket(bad, frame);
                default -> say(bad, frame, null);
            }
        }
    }

    private static void sayWithSocket(TestClient bad, ByteBuffer frame) {
        SeqPacket[] pair = Sockets.pair();
        say(bad, frame, pair[0].fd());
        pair[0].close();
        pair[1].close();
    }

    private static ByteBuffer bytes(Random random) {
        byte[] bytes = new byte[1 + random.nextInt(200)];
        random.nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    private static void say(TestClient bad, ByteBuffer frame, @Nullable Fd fd) {
        assertThat(bad.channel().trySend(frame, fd)).isPositive();
    }

    private static void flood(DomainDirectory directory, Class<?> record, Random random, Fd memfd) {
        try (TestClient bad = TestClient.connect(directory)) {
            List<Long> objects = IntStream.range(0, 3)
                    .mapToObj(i -> bad.opened(Mode.OPEN_OR_CREATE, "theirs" + i).object())
                    .toList();
            new Flood(objects, random).pour(bad, record, FLOOD, memfd);
        }
    }

    /** What is no ledger, and is nobody's any more but the broker's. */
    @ParameterizedTest
    @ValueSource(strings = {"pipe", "file", "memory that is not sealed", "memory for one writer", "read-only memory", "a socket that lingers"})
    void whoHandsSomethingElseThanMemoryIsExpelledAndNothingOfItStays(String what) throws Exception {
        try (SyncDomain witness = domain();
                SyncDomain another = domain();
                DomainDirectory directory = Domain.of(DOMAIN, parent).make()) {
            ProcessHandle broker = Residue.brokers(parent).getFirst();
            cooperate(witness, another);
            long before = descriptors(broker);
            try (Gift gift = Gift.of(what, parent)) {
                hand(directory, broker, gift);
                cooperate(witness, another);
            }
            while (descriptors(broker) > before) {
                LockSupport.parkNanos(1_000_000);
            }
            assertThat(Residue.brokers(parent)).containsExactly(broker);
        }
    }

    /** The broker is stopped until nobody else has it. */
    private static void hand(DomainDirectory directory, ProcessHandle broker, Gift gift) throws Exception {
        try (TestClient bad = TestClient.connect(directory)) {
            signal(broker, "STOP");
            say(bad, Codec.encode(new Message.Hand(Memory.LEDGER, 1, Gift.BYTES)), gift.fd());
            gift.letGo();
            signal(broker, "CONT");
            bad.awaitEnd();
        }
    }

    private static void signal(ProcessHandle process, String signal) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + signal, "" + process.pid()).start().waitFor()).isZero();
    }

    private static long descriptors(ProcessHandle process) {
        String[] open = Path.of("/proc", "" + process.pid(), "fd").toFile().list();
        return open == null ? 0 : open.length;
    }
}
