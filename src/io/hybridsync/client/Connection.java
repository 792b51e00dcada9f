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
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The connection to the broker: requests out, answers and grants in.
 *
 * <p>One daemon thread reads. A request registers its number, sends, and waits for its answer; any number may be under way.
 * When the connection ends, for whatever reason, {@link #lost} says so once and for all, and every request gets it; objects
 * that are open go on working without it. An answer that comes after its request gave up is handed to {@code late}, so
 * that what the broker did meanwhile can be undone. An object that moves to memory which this process has no room for is
 * handed to {@code stranded}.
 *
 * <p>A broker that has let one request wait in vain is taken for stopped until it says something: what has to be said
 * all the same, {@link #askUnlessSilent}, is then not waited for. It is sent in its turn; what there is no room for, before
 * the next request or when the broker is heard again.
 */
final class Connection implements AutoCloseable {

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
    private final Queue<Message> unsent = new ArrayDeque<>();
    private final Thread reader;

    /** The broker has let a request wait in vain, and has not been heard since. */
    private volatile boolean silent;

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
     * Sends a request and waits for its answer; an interrupt stays pending.
     *
     * @param request gives the message for a request number
     * @param type of the answer that is no failure
     * @throws SyncException what the broker answered, or that there is no answer
     */
    <A extends Message.Answer> A ask(IntFunction<? extends Message> request, Class<A> type) {
        int number = numbers.incrementAndGet();
        requests.getAndIncrement();
        CompletableFuture<Message.Answer> answer = new CompletableFuture<>();
        pending.put(number, answer);
        try {
            tell(request.apply(number));
        } catch (RuntimeException e) {
            pending.remove(number);
            throw e;
        }
        return cast(await(number, answer), type);
    }

    private void tell(Message message) {
        SyncException over = lost;
        if (over != null) {
            throw unavailable(over);
        }
        long deadline = System.nanoTime() + timeoutNanos;
        while (!sendUnsent()) {
            requireRoom(channel.socket().awaitWritable(deadline));
        }
        requireRoom(channel.send(message, deadline));
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
        int number = numbers.incrementAndGet();
        requests.getAndIncrement();
        Message message = request.apply(number);
        if (silent) {
            tellLater(message);
            return;
        }
        CompletableFuture<Message.Answer> answer = new CompletableFuture<>();
        pending.put(number, answer);
        tellLater(message);
        cast(await(number, answer), Message.Done.class);
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
        synchronized (unsent) {
            unsent.add(message);
        }
        sendUnsent();
    }

    /** Whether everything that had to wait for room has been sent. */
    private boolean sendUnsent() {
        synchronized (unsent) {
            for (Message next = unsent.peek(); next != null; next = unsent.peek()) {
                if (channel.trySend(Codec.encode(next), null) == -Errno.EAGAIN) {
                    return false;
                }
                unsent.remove();
            }
            return true;
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

    private Message.Answer await(int number, CompletableFuture<Message.Answer> answer) {
        boolean interrupted = false;
        long deadline = System.nanoTime() + timeoutNanos;
        try {
            for (;;) {
                try {
                    return answer.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (TimeoutException e) {
            if (pending.remove(number) == null) {
                return answer.join();
            }
            silent = true;
            throw new BrokerUnavailableException("the broker of domain \"%s\" did not answer within %d ms; is it stopped?"
                    .formatted(domain, TimeUnit.NANOSECONDS.toMillis(timeoutNanos)), e);
        } catch (ExecutionException e) {
            throw unavailable(requireNonNull(e.getCause()));
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private <A extends Message.Answer> A cast(Message.Answer answer, Class<A> type) {
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
                    case NOTHING -> channel.socket().awaitReadable(residences.acknowledge(this));
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
            tellLater(new Message.Close(numbers.incrementAndGet(), opened.object()));
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
            late.accept(answer);
        }
    }

    private void lose(SyncException why) {
        lost = why;
        channel.shutdown();
        pending.values().forEach(answer -> answer.completeExceptionally(why));
    }

    /** Ends the connection and the thread. */
    @Override
    public void close() {
        if (lost == null) {
            lost = new BrokerUnavailableException("the domain is closed here");
        }
        channel.shutdown();
        boolean interrupted = false;
        while (reader.isAlive() && Thread.currentThread() != reader) {
            try {
                reader.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        channel.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
