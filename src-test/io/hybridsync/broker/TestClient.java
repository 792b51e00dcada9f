package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.kernel.Fd;
import io.hybridsync.kernel.Memfd;
import io.hybridsync.kernel.SeqPacket;
import io.hybridsync.wire.Channel;
import io.hybridsync.wire.ClientsFile;
import io.hybridsync.wire.Codec;
import io.hybridsync.wire.DomainDirectory;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Mode;
import io.hybridsync.wire.Spec;
import io.hybridsync.wire.Version;
import io.hybridsync.word.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A client as simple as can be: one thread, says what the test wants said. */
final class TestClient implements AutoCloseable {

    static final Spec ONE_PERMIT = new Spec(Kind.SEMAPHORE, 1, 10, 0);

    private final Channel channel;
    private final @Nullable ClientsFile liveness;
    private final int id;
    private final List<Message.SlabGrant> grants = new ArrayList<>();
    private final Map<Message.Hand, Fd> kept = new HashMap<>();
    private int requests;

    private TestClient(Channel channel, @Nullable ClientsFile liveness, int id) {
        this.channel = channel;
        this.liveness = liveness;
        this.id = id;
    }

    /** Connected, and has said nothing. */
    static TestClient stranger(DomainDirectory directory) {
        SeqPacket socket = SeqPacket.open();
        assertThat(directory.connect(socket)).isZero();
        return new TestClient(new Channel(socket), null, 0);
    }

    /** Connected, greeted, alive. */
    static TestClient connect(DomainDirectory directory) {
        TestClient stranger = stranger(directory);
        stranger.send(new Message.Hello(Version.MAJOR, Version.MINOR, "a test"));
        Message.Welcome welcome = (Message.Welcome) stranger.next();
        ClientsFile file = Objects.requireNonNull(ClientsFile.open(directory));
        assertThat(file.lock(welcome.clientId())).isTrue();
        TestClient client = new TestClient(stranger.channel, file, welcome.clientId());
        client.send(new Message.Alive());
        return client;
    }

    int id() {
        return id;
    }

    Channel channel() {
        return channel;
    }

    List<Message.SlabGrant> grants() {
        return grants;
    }

    void send(Message message) {
        assertThat(channel.send(message, System.nanoTime() + 10_000_000_000L)).isTrue();
    }

    /** The next message that is not about memory. What has moved is acknowledged: this client operates on nothing. */
    Message next() {
        for (;;) {
            Channel.Received received = channel.receive();
            if (received == null) {
                throw new AssertionError("the broker has ended the connection");
            }
            switch (received.message()) {
                case Message.SlabGrant grant -> {
                    keep(new Message.Hand(Memory.SLAB, grant.slab(), grant.size()), received.takeFd());
                    grants.add(grant);
                }
                case Message.Keep keep ->
                    keep(new Message.Hand(keep.memory(), keep.id(), keep.size()), received.takeFd());
                case Message.Moved moved -> send(new Message.Acknowledge(moved.object(), moved.from()));
                case Message.Moving moving -> assertThat(moving.to()).isNotEqualTo(moving.from());
                case Message.SlabRevoke revoke -> drop(revoke.slab());
                case Message.ShowAgain again -> {}
                default -> {
                    return received.message();
                }
            }
        }
    }

    private void keep(Message.Hand hand, Fd fd) {
        Fd before = kept.put(hand, fd);
        if (before != null) {
            before.close();
        }
    }

    private void drop(long slab) {
        grants.removeIf(grant -> grant.slab() == slab);
        kept.entrySet().removeIf(entry -> {
            boolean gone = entry.getKey().memory() == Memory.SLAB && entry.getKey().id() == slab;
            if (gone) {
                entry.getValue().close();
            }
            return gone;
        });
    }

    /** The same client, at the next broker: it has said Resume, and has been welcomed. */
    TestClient resume(DomainDirectory directory) {
        channel.close();
        TestClient resumed = new TestClient(stranger(directory).channel, liveness, id);
        resumed.kept.putAll(kept);
        kept.clear();
        resumed.send(new Message.Resume(Version.MAJOR, Version.MINOR, id, "a test"));
        assertThat(resumed.next()).isInstanceOf(Message.Welcome.class);
        return resumed;
    }

    /** Hands over all memory that it has. */
    void handMemory() {
        kept.forEach((hand, fd) -> assertThat(channel.trySend(Codec.encode(hand), fd)).isPositive());
    }

    /** Hands over other memory under the names of what it has. */
    void forgeMemory() {
        for (Message.Hand hand : kept.keySet()) {
            if (hand.memory() == Memory.SLAB) {
                try (Memfd forged = Memfd.create("forged", hand.size())) {
                    assertThat(channel.trySend(Codec.encode(hand), forged.fd())).isPositive();
                }
            }
        }
    }

    /** Why the broker ended the connection, which it has. */
    String refusal() {
        Message.Refused refused = (Message.Refused) next();
        assertThat(channel.receive()).isNull();
        return refused.reason();
    }

    /** Waits for the end of the connection. */
    void awaitEnd() {
        Channel.Received received = channel.receive();
        while (received != null) {
            Fd fd = received.fd();
            if (fd != null) {
                fd.close();
            }
            received = channel.receive();
        }
    }

    Message open(Mode mode, String name) {
        send(new Message.Open(++requests, mode, Kind.SEMAPHORE, name, ONE_PERMIT, false));
        return next();
    }

    Message.Opened opened(Mode mode, String name) {
        return (Message.Opened) open(mode, name);
    }

    Message closeObject(long object) {
        send(new Message.Close(++requests, object));
        return next();
    }

    List<String> names() {
        send(new Message.ListObjects(++requests, 0));
        return ((Message.Listing) next()).entries().stream().map(entry -> entry.name()).toList();
    }

    /** Loses the connection, but lives. */
    void disconnect() {
        channel.close();
    }

    @Override
    public void close() {
        channel.close();
        kept.values().forEach(Fd::close);
        if (liveness != null) {
            liveness.close();
        }
    }
}
