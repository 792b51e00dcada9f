package io.hybridsync.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.error.SyncException;
import io.hybridsync.kernel.Errno;
import io.hybridsync.kernel.Fd;
import io.hybridsync.kernel.Memfd;
import io.hybridsync.kernel.SeqPacket;
import io.hybridsync.slab.MappedSlab;
import io.hybridsync.slab.MappedSlabs;
import io.hybridsync.slab.Slot;
import io.hybridsync.wire.Channel;
import io.hybridsync.wire.Code;
import io.hybridsync.wire.Codec;
import io.hybridsync.wire.Domain;
import io.hybridsync.wire.DomainDirectory;
import io.hybridsync.wire.LockFile;
import io.hybridsync.wire.LockFile.Role;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Spec;
import io.hybridsync.wire.Token;
import io.hybridsync.wire.Version;
import io.hybridsync.word.Location;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A broker that does what the test wants, to one client: it has the lock and listens, greets, and gives everything it hears
 * to {@link #script}, which answers. What it has heard is in {@link #heard}.
 */
final class FakeBroker {

    static final long SLAB = 0x1_0000_0001L;
    static final int SLAB_BYTES = 65536;

    /** Whom it takes the first client for. */
    static final int CLIENT = 7;

    /** What the broker does with a message. */
    @FunctionalInterface
    interface Script {
        void heard(FakeBroker broker, Message message);
    }

    final BlockingQueue<Message> heard = new LinkedBlockingQueue<>();

    /** Whoever holds it keeps the broker from reading. */
    final Semaphore turn = new Semaphore(1);

    volatile Script script;

    private final DomainDirectory directory;
    private final LockFile lock;
    private final int incarnation;
    private final SeqPacket listener;
    private final List<Memfd> slabs = new ArrayList<>();
    private final MappedSlabs mapped = new MappedSlabs();
    private final long slab;

    /** What came with descriptors. */
    final BlockingQueue<Channel.Received> handed = new LinkedBlockingQueue<>();

    /** What the client before has said that it has open. */
    private final List<Message.HandObject> taken = new ArrayList<>();
    private final Thread thread;
    private volatile @Nullable Channel channel;
    private volatile boolean over;

    /** The connection that it served has ended. */
    final CountDownLatch served = new CountDownLatch(1);

    /** How many connections are still to be turned away. */
    private final AtomicInteger left = new AtomicInteger();

    FakeBroker(Path parent) {
        this(parent, 0, FakeBroker::answer);
    }

    /**
     * @param before how many brokers there were before this one: it calls its slabs otherwise
     * @param script what it does from the first message on
     */
    FakeBroker(Path parent, int before, Script script) {
        this.script = script;
        slab = SLAB + ((long) before << Integer.SIZE);
        directory = Domain.of("test", parent).make();
        lock = Objects.requireNonNull(LockFile.tryLock(directory, Role.BROKER));
        incarnation = lock.nextIncarnation(0);
        listener = Objects.requireNonNull(directory.listen());
        thread = Thread.ofPlatform().name("fake broker").start(this::run);
    }

    /** How to reach it. */
    Settings settings(Path parent, Duration claimTimeout) {
        return new Settings("test", parent, Duration.ZERO, claimTimeout, false, Optional.empty());
    }

    /** Turns away so many connections when they say hello, each with the same reason, and serves the next one. */
    void turnAway(int connections, Code code) {
        left.set(connections);
        script = (fake, message) -> {
            if (left.get() > 0) {
                say(new Message.Refused(Version.MAJOR, Version.MINOR, code, "turned away"), null);
                hangUp();
            } else {
                answer(message);
            }
        };
    }

    /** When the present connection is over it serves one more. */
    void expectsAnother() {
        left.set(1);
    }

    private void run() {
        try {
            accept();
        } catch (SyncException e) {
            if (!over) {
                throw e;
            }
        }
    }

    private void accept() {
        try {
            acceptAll();
        } finally {
            served.countDown();
        }
    }

    private void acceptAll() {
        for (Channel connected = accepted(); connected != null; connected = accepted()) {
            channel = connected;
            // Who has said nothing has not been there.
            if (serve(connected) && left.getAndDecrement() <= 0) {
                return;
            }
            connected.close();
        }
    }

    private @Nullable Channel accepted() {
        SeqPacket socket = listener.accept();
        while (socket == null) {
            if (!listener.awaitReadable(Long.MAX_VALUE)) {
                return null;
            }
            socket = listener.accept();
        }
        return new Channel(socket);
    }

    /** Whether anything was said. */
    private boolean serve(Channel connected) {
        for (boolean spoken = false; ; spoken = true) {
            connected.socket().awaitReadable(Long.MAX_VALUE);
            turn.acquireUninterruptibly();
            try {
                Channel.Received received = connected.receive();
                if (received == null) {
                    return spoken;
                }
                if (received.message().carriesDescriptor()) {
                    handed.add(received);
                }
                heard.add(received.message());
                script.heard(this, received.message());
            } finally {
                turn.release();
            }
        }
    }

    /** What a broker of few words answers: everything works; an object is opened at the place that its request number says. */
    void answer(Message message) {
        switch (message) {
            case Message.Hello ignored -> say(new Message.Welcome(Version.MAJOR, Version.MINOR, CLIENT, incarnation), null);
            case Message.Resume resume ->
                say(new Message.Welcome(Version.MAJOR, Version.MINOR, resume.clientId(), incarnation), null);
            case Message.HandObject object -> taken.add(object);
            case Message.HandedOver ignored -> {
                taken.forEach(object -> say(new Message.Located(object.object(), object.location(), object.home()), null));
                say(new Message.TakenOver(), null);
            }
            case Message.Open open -> opened(open);
            case Message.ListObjects list -> say(new Message.Listing(list.request(), false, List.of()), null);
            case Message.Close close -> say(new Message.Done(close.request()), null);
            case Message.Leave leave -> say(new Message.Done(leave.request()), null);
            default -> {}
        }
    }

    /** Grants the slab if it is the first time, and says that the object is open; what is to stay with it does. */
    void opened(Message.Open open) {
        if (open.spec().has(Spec.BROKER_ONLY)) {
            Message.Opened opened = opened(open, 0);
            say(new Message.Opened(opened.request(), opened.object(), true, opened.name(), opened.spec(),
                    Location.BROKER, new Location(SLAB, 64, 1), opened.token()), null);
            return;
        }
        MappedSlab memory = mapped.find(slab);
        if (memory == null) {
            memory = mapped.create(slab, SLAB_BYTES);
            grant(slab, memory.memfd().fd());
        }
        Message.Opened opened = opened(open, slab);
        word(opened.location()).replace(0, open.spec().initialData(), 0);
        say(opened, null);
    }

    /** A place in its slab. */
    Slot word(Location location) {
        return new Slot(location, Objects.requireNonNull(mapped.find(location.slab())).cell(location.offset()));
    }

    /** Another slab of its own, granted. */
    void another(long id) {
        grant(id, mapped.create(id, SLAB_BYTES).memfd().fd());
    }

    /** That an object of its own is open at a place of its own in a slab. */
    static Message.Opened opened(Message.Open open, long slab) {
        int number = open.request();
        Location location = new Location(slab, number % 1000 * 64 + 64, 1);
        return new Message.Opened(
                number,
                0x1_0000_0000L + number,
                true,
                open.name(),
                open.spec(),
                location,
                Location.BROKER,
                new Token(number, 1));
    }

    /** Memory as the real broker grants it; closed with the broker. */
    Fd memory() {
        Memfd memory = Memfd.create("fake-slab", SLAB_BYTES);
        slabs.add(memory);
        return memory.fd();
    }

    /** Memory as the real broker gives it away to be kept; closed with the broker. */
    Fd ownMemory() {
        Memfd memory = Memfd.createForOneWriter("fake-own", SLAB_BYTES);
        slabs.add(memory);
        assertThat(memory.sealForOneWriter()).isTrue();
        return memory.fd();
    }

    void grant(long slab, Fd fd) {
        say(new Message.SlabGrant(slab, SLAB_BYTES), fd);
    }

    void say(Message message, @Nullable Fd fd) {
        Channel connected = Objects.requireNonNull(channel);
        int sent = connected.trySend(Codec.encode(message), fd);
        while (sent == -Errno.EAGAIN) {
            connected.socket().awaitWritable(Long.MAX_VALUE);
            sent = connected.trySend(Codec.encode(message), fd);
        }
        assertThat(sent > 0 || over).isTrue();
    }

    /** The next message of a type; others before it are skipped. */
    <M extends Message> M next(Class<M> type) throws InterruptedException {
        Message next = heard.take();
        while (!type.isInstance(next)) {
            next = heard.take();
        }
        return type.cast(next);
    }

    /** Ends the connection, and lives. */
    void hangUp() {
        Objects.requireNonNull(channel).shutdown();
    }

    /** Ends as a broker that dies does: nobody listens, the lock is free, what it has not read is lost. */
    void die() {
        over = true;
        listener.close();
        lock.close();
        Objects.requireNonNull(channel).close();
    }

    /** Where the domain is. */
    DomainDirectory directory() {
        return directory;
    }

    /** Dies, and removes what it has made, but for what the next one needs. */
    void succeeded() {
        die();
        Uninterrupted.join(thread);
        free();
        directory.close();
    }

    private void free() {
        handed.stream().map(Channel.Received::takeFd).forEach(Fd::close);
        slabs.forEach(Memfd::close);
        mapped.close();
    }

    /** Ends, and removes what it has made. */
    void end() {
        over = true;
        Channel connected = channel;
        if (connected != null) {
            connected.close();
        }
        listener.close();
        Uninterrupted.join(thread);
        free();
        lock.close();
        List.of(DomainDirectory.SOCKET, DomainDirectory.CLIENTS, DomainDirectory.LOCK).forEach(directory::unlink);
        directory.remove();
        directory.close();
    }
}
