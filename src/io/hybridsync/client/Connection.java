package io.hybridsync.client;

import static java.util.Objects.requireNonNull;

import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.error.LimitExceededException;
import io.hybridsync.error.ProtocolException;
import io.hybridsync.error.SyncException;
import io.hybridsync.kernel.Errno;
import io.hybridsync.wire.Channel;
import io.hybridsync.wire.Code;
import io.hybridsync.wire.Codec;
import io.hybridsync.wire.Message;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The connection to the broker: requests out, answers and grants in.
 *
 * <p>One daemon thread reads. A request registers its number, sends, and waits for its answer; any number may be under way.
 * When the connection ends, for whatever reason, {@link #lost} says so once and for all, and every request gets it; objects
 * that are open go on working without it. An answer that comes after its request gave up is handed to what that request
 * left for it, or to {@code late}, so that what the broker did meanwhile can be undone. An object that moves to memory which
 * this process has no room for is handed to {@code stranded}.
 *
 * <p>A broker that has let one request wait in vain is taken for stopped until it says something: what has to be said
 * all the same, {@link #askUnlessSilent}, is then not waited for. It is sent in its turn; what there is no room for, before
 * the next request or when the broker is heard again.
 */
final class Connection implements AutoCloseable {

    private static final long ROOM_NANOS = 1_000_000;

    private final Channel channel;
    private final Slabs slabs;
    private final Residences residences;
    private final String domain;
    private final long timeoutNanos;
    private final Consumer<Message.Answer> late;
    private final ObjLongConsumer<LimitExceededException> stranded;
    private final AtomicLong requests = new AtomicLong();
    private final AtomicInteger numbers = new AtomicInteger();
    private final Map<Integer, CompletableFuture<Message.Answer>> pending = new ConcurrentHashMap<>();
    private final Thread reader;

    /** Guards what follows; held for no longer than a message takes that there is room for. */
    private final ReentrantLock sending = new ReentrantLock();

    private final Queue<Message> unsent = new ArrayDeque<>();

    /** Those of {@link #unsent} that say that an object was signaled. */
    private final Set<Message.Signaled> signals = new HashSet<>();

    /** Sends when there is room again. */
    private @Nullable Thread drainer;

    /** The broker has let a request wait in vain, and has not been heard since. */
    private volatile boolean silent;

    /** What takes back what was done for requests that have given up, by their numbers. */
    private final Map<Integer, Consumer<Message.Answer>> abandoned = new ConcurrentHashMap<>();

    /** Why there is no connection any more. */
    private volatile @Nullable SyncException lost;

    Connection(
            Channel channel,
            Slabs slabs,
            Residences residences,
            String domain,
            long timeoutNanos,
            Consumer<Message.Answer> late,
            ObjLongConsumer<LimitExceededException> stranded) {
        this.channel = channel;
        this.slabs = slabs;
        this.residences = residences;
        this.domain = domain;
        this.timeoutNanos = timeoutNanos;
        this.late = late;
        this.stranded = stranded;
        this.reader = Thread.ofPlatform()
                .daemon()
                .name("hybrid-sync client of " + domain)
                .unstarted(this::read);
    }

    /** Starts the reading thread. */
    void start() {
        reader.start();
    }

    /**
     * A request that was sent.
     *
     * @param number its number
     * @param answer the broker's answer, when it has come; a failure when there is no connection any more
     */
    record Asked(int number, CompletableFuture<Message.Answer> answer) {}

    /**
     * Sends a request and waits for its answer; an interrupt stays pending.
     *
     * @param request gives the message for a request number
     * @param type of the answer that is no failure
     * @throws SyncException what the broker answered, or that there is no answer
     */
    <A extends Message.Answer> A ask(IntFunction<? extends Message> request, Class<A> type) {
        return ask(request, type, late);
    }

    /**
     * The same.
     *
     * @param undo takes back, by the connection's thread, what the broker did if the answer comes too late
     */
    <A extends Message.Answer> A ask(
            IntFunction<? extends Message> request, Class<A> type, Consumer<Message.Answer> undo) {
        return cast(await(begin(request), undo), type);
    }

    /**
     * Sends a request whose answer comes when it comes.
     *
     * @throws SyncException when it cannot be sent
     */
    Asked begin(IntFunction<? extends Message> request) {
        int number = nextNumber();
        requests.getAndIncrement();
        CompletableFuture<Message.Answer> answer = new CompletableFuture<>();
        pending.put(number, answer);
        try {
            tell(request.apply(number));
        } catch (RuntimeException e) {
            pending.remove(number);
            throw e;
        }
        return new Asked(number, answer);
    }

    /**
     * Gives a request up that was not answered in time: the broker is taken for stopped.
     *
     * @param undo takes back, by the connection's thread, what the broker did if the answer comes too late
     * @return the answer, if it came at the last moment
     * @throws BrokerUnavailableException otherwise
     */
    Message.Answer giveUp(Asked asked, Consumer<Message.Answer> undo) {
        if (disown(asked, undo)) {
            silent = true;
            throw new BrokerUnavailableException("the broker of domain \"%s\" did not answer within %d ms; is it stopped?"
                    .formatted(domain, TimeUnit.NANOSECONDS.toMillis(timeoutNanos)));
        }
        return answer(asked);
    }

    /** Nobody waits for the answer any more; false if it came before. */
    boolean disown(Asked asked, Consumer<Message.Answer> undo) {
        abandoned.put(asked.number(), undo);
        boolean first = pending.remove(asked.number()) != null;
        if (!first || lost != null) {
            abandoned.remove(asked.number());
        }
        return first;
    }

    /**
     * The answer to a request, which has come or is just coming.
     *
     * @throws BrokerUnavailableException when there is no connection any more
     */
    Message.Answer answer(Asked asked) {
        try {
            return asked.answer().join();
        } catch (CompletionException e) {
            throw unavailable(requireNonNull(e.getCause()));
        }
    }

    /** How long an answer is waited for; nanoseconds. */
    long timeoutNanos() {
        return timeoutNanos;
    }

    private void tell(Message message) {
        SyncException over = lost;
        if (over != null) {
            throw unavailable(over);
        }
        ByteBuffer frame = Codec.encode(message);
        long deadline = System.nanoTime() + timeoutNanos;
        int sent = sendUnsent() ? channel.trySend(frame, null) : -Errno.EAGAIN;
        while (sent == -Errno.EAGAIN) {
            requireRoom(awaitRoom(deadline));
            sent = sendUnsent() ? channel.trySend(frame, null) : -Errno.EAGAIN;
        }
        if (sent < 0) {
            throw unavailable(new BrokerUnavailableException("the connection has ended (" + Errno.name(-sent) + ")"));
        }
    }

    /** A virtual thread would keep its carrier in the kernel. */
    private boolean awaitRoom(long deadline) {
        if (!Thread.currentThread().isVirtual()) {
            return channel.socket().awaitWritable(deadline);
        }
        LockSupport.parkNanos(ROOM_NANOS);
        return deadline - System.nanoTime() > 0;
    }

    private void requireRoom(boolean room) {
        if (!room) {
            silent = true;
            throw new BrokerUnavailableException("the broker of domain \"%s\" does not read what it is sent; is it stopped?"
                    .formatted(domain));
        }
    }

    /**
     * Sends a request whose answer tells the caller nothing. Waits for it, unless the broker has been silent. In any case
     * the request is sent, or follows when there is room.
     *
     * @throws SyncException as {@link #ask} does
     */
    void askUnlessSilent(IntFunction<? extends Message> request) {
        int number = nextNumber();
        requests.getAndIncrement();
        Message message = request.apply(number);
        if (silent) {
            tellLater(message);
            return;
        }
        Asked asked = new Asked(number, new CompletableFuture<>());
        pending.put(number, asked.answer());
        tellLater(message);
        Message.Done _ = cast(await(asked, late), Message.Done.class);
    }

    /** A number for a request whose answer nobody waits for. */
    int nextNumber() {
        return numbers.incrementAndGet();
    }

    /** Sends a message that has no answer, or none that is waited for: now, or when there is room for it. */
    void tellLater(Message message) {
        SyncException over = lost;
        if (over != null) {
            throw unavailable(over);
        }
        signal(message);
    }

    /** The same; does nothing when the connection is gone. */
    void signal(Message message) {
        sending.lock();
        try {
            unsent.add(message);
        } finally {
            sending.unlock();
        }
        sendUnsent();
    }

    /** The same for an object that was signaled: as long as one such message of it is unsent, another would say no more. */
    void tellSignaled(Message.Signaled signaled) {
        sending.lock();
        try {
            if (!signals.add(signaled)) {
                return;
            }
            unsent.add(signaled);
        } finally {
            sending.unlock();
        }
        sendUnsent();
    }

    /**
     * Whether everything that had to wait for room has been sent. What there is no room for follows by a thread of its own:
     * the broker may have nothing to say that would wake the connection's.
     */
    private boolean sendUnsent() {
        sending.lock();
        try {
            for (Message next = unsent.peek(); next != null; next = unsent.peek()) {
                if (channel.trySend(Codec.encode(next), null) == -Errno.EAGAIN) {
                    if (drainer == null) {
                        drainer = Thread.ofPlatform()
                                .daemon()
                                .name("hybrid-sync sender of " + domain)
                                .start(this::drain);
                    }
                    return false;
                }
                unsent.remove();
                if (next instanceof Message.Signaled signaled) {
                    signals.remove(signaled);
                }
            }
            return true;
        } finally {
            sending.unlock();
        }
    }

    /** Ends when everything is sent, or the connection has ended: then sending fails, and that is an end of it too. */
    private void drain() {
        for (;;) {
            channel.socket().awaitWritable(Long.MAX_VALUE);
            sending.lock();
            try {
                if (sendUnsent()) {
                    drainer = null;
                    return;
                }
            } finally {
                sending.unlock();
            }
        }
    }

    /** How many requests were sent. */
    long requests() {
        return requests.get();
    }

    /** Sends a message that has no answer, unless that takes time or the connection is gone. */
    void tellIfPossible(Message message) {
        if (lost == null) {
            channel.trySend(Codec.encode(message), null);
        }
    }

    private Message.Answer await(Asked asked, Consumer<Message.Answer> undo) {
        boolean interrupted = false;
        long deadline = System.nanoTime() + timeoutNanos;
        try {
            for (;;) {
                try {
                    return asked.answer().get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (TimeoutException e) {
            return giveUp(asked, undo);
        } catch (ExecutionException e) {
            throw unavailable(requireNonNull(e.getCause()));
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    static <A extends Message.Answer> A cast(Message.Answer answer, Class<A> type) {
        if (answer instanceof Message.Failure failure) {
            throw failure.exception();
        }
        if (!type.isInstance(answer)) {
            throw new ProtocolException("the broker answered %s where %s belongs"
                    .formatted(answer.getClass().getSimpleName(), type.getSimpleName()));
        }
        return type.cast(answer);
    }

    private BrokerUnavailableException unavailable(Throwable why) {
        return new BrokerUnavailableException("the broker of domain \"%s\" cannot be asked: %s. Objects that are open go on"
                .formatted(domain, why.getMessage()) + " working; open the domain anew for the rest.", why);
    }

    private void read() {
        try {
            for (;;) {
                switch (channel.poll()) {
                    case MESSAGE -> heard(channel.received());
                    case NOTHING -> channel.socket().awaitReadable(residences.tend(this));
                    case END -> {
                        lose(new BrokerUnavailableException("it has closed the connection"));
                        return;
                    }
                }
            }
        } catch (SyncException e) {
            lose(e);
        } catch (RuntimeException | Error e) {
            // Whatever it is, nobody may wait for this thread any more.
            lose(new BrokerUnavailableException("what it sent could not be dealt with: " + e, e));
        }
    }

    private void heard(Channel.Received received) {
        silent = false;
        sendUnsent();
        take(received);
    }

    private void take(Channel.Received received) {
        switch (received.message()) {
            case Message.SlabGrant grant -> {
                if (!slabs.grant(grant, received)) {
                    tellLater(new Message.SlabDeclined(grant.slab()));
                }
            }
            case Message.SlabRevoke revoke -> slabs.revoke(revoke.slab());
            case Message.Moving moving -> moving(moving);
            case Message.Moved moved -> residences.moved(moved);
            case Message.Opened opened -> opened(opened);
            case Message.Answer answer -> answer(answer);
            case Message.Refused refused ->
                throw new BrokerUnavailableException("it has expelled this client: " + refused.reason());
            default -> throw new ProtocolException("the broker sent %s, which is not its turn"
                    .formatted(received.message().getClass().getSimpleName()));
        }
    }

    /** What there is no room for is closed again before anybody hears that it was open. */
    private void opened(Message.Opened opened) {
        try {
            residences.opened(opened, this);
            answer(opened);
        } catch (LimitExceededException e) {
            tellLater(new Message.Close(nextNumber(), opened.object()));
            answer(new Message.Failed(opened.request(), Code.LIMIT, String.valueOf(e.getMessage())));
        }
    }

    private void moving(Message.Moving moving) {
        try {
            residences.moving(moving);
        } catch (LimitExceededException e) {
            stranded.accept(e, moving.object());
        }
    }

    private void answer(Message.Answer answer) {
        CompletableFuture<Message.Answer> waiting = pending.remove(answer.request());
        if (waiting == null || !waiting.complete(answer)) {
            Consumer<Message.Answer> undo = abandoned.remove(answer.request());
            (undo == null ? late : undo).accept(answer);
        }
    }

    private void lose(SyncException why) {
        lost = why;
        channel.shutdown();
        pending.values().forEach(answer -> answer.completeExceptionally(why));
        abandoned.clear();
    }

    /** Ends the connection and the thread. */
    @Override
    public void close() {
        if (lost == null) {
            lost = new BrokerUnavailableException("the domain is closed here");
        }
        channel.shutdown();
        join(reader);
        join(drainer());
        channel.close();
    }

    private @Nullable Thread drainer() {
        sending.lock();
        try {
            return drainer;
        } finally {
            sending.unlock();
        }
    }

    private static void join(@Nullable Thread thread) {
        boolean interrupted = false;
        while (thread != null && thread.isAlive() && Thread.currentThread() != thread) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
