package io.hybridsync.client;

import static io.hybridsync.client.Dynasty.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.kernel.Errno;
import io.hybridsync.kernel.Fd;
import io.hybridsync.wire.Channel;
import io.hybridsync.wire.Codec;
import io.hybridsync.wire.Message;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What this client says cannot be sent for a while, though the broker lives and reads. */
@Timeout(30)
class ScarceRoomTest {

    private static final Duration LONG = Duration.ofSeconds(50);
    private static final List<Integer> SCARCE = List.of(Errno.ETOOMANYREFS, Errno.ENOBUFS, Errno.ENOMEM);

    @TempDir
    Path parent;

    /** What comes of the next messages of the kind, instead of their being sent. Guarded by itself, as what follows. */
    private final Queue<Integer> failures = new ArrayDeque<>();

    private Predicate<Message> kind = message -> true;
    private Dynasty dynasty;

    @BeforeEach
    void begin() {
        dynasty = new Dynasty(parent, LONG, Optional.empty(), new Means(new Aside(), new Delivery(this::trySend)));
    }

    @AfterEach
    void end() {
        dynasty.close();
    }

    private int trySend(Channel channel, ByteBuffer frame, @Nullable Fd fd) {
        synchronized (failures) {
            Integer failure = kind.test(Codec.decode(frame.duplicate().order(frame.order()))) ? failures.poll() : null;
            return failure == null ? channel.trySend(frame, fd) : -failure;
        }
    }

    private void fail(Class<? extends Message> type, List<Integer> errors) {
        synchronized (failures) {
            kind = type::isInstance;
            failures.addAll(errors);
        }
    }

    private void assertAllHaveFailed() {
        synchronized (failures) {
            assertThat(failures).isEmpty();
        }
    }

    /** The socket is ready all the time: it does not tell when to try again, and the broker says nothing that would. */
    @Test
    void whatTheMachineLacksForAMessageIsTriedAgain() {
        fail(Message.ListObjects.class, SCARCE);
        dynasty.settle();
        assertAllHaveFailed();
    }

    @Test
    void whatTheMachineLacksForTheHandingOverIsTriedAgain() throws Exception {
        Opening s = dynasty.inMemory("s", 3);
        dynasty.dies();
        fail(Message.HandObject.class, SCARCE);
        FakeBroker next = dynasty.next();
        dynasty.settle();
        assertAllHaveFailed();
        assertThat(next.next(Message.HandObject.class).object()).isEqualTo(s.object());
    }

    /** A broker that was told a part would wait for the rest, and its client for it. */
    @Test
    void whoCannotBeToldEverythingIsLeft() throws Exception {
        Opening s = dynasty.inMemory("s", 3);
        dynasty.dies();
        fail(Message.HandObject.class, List.of(Errno.EMSGSIZE));
        FakeBroker next = dynasty.next();
        next.served.await();
        assertThat(next.heard).noneMatch(Message.HandedOver.class::isInstance);
        dynasty.dies();
        List<Message> heard = until(dynasty.next(), Message.HandedOver.class);
        assertThat(heard).anyMatch(message -> message instanceof Message.HandObject hand && hand.object() == s.object());
        dynasty.settle();
    }
}
