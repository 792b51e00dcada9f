package io.hybridsync.client;

import static java.util.Objects.requireNonNull;

import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.error.LimitExceededException;
import io.hybridsync.error.ObjectClosedException;
import io.hybridsync.error.ProtocolException;
import io.hybridsync.error.SyncException;
import io.hybridsync.kernel.Daemon;
import io.hybridsync.kernel.EventFd;
import io.hybridsync.kernel.Fd;
import io.hybridsync.slab.Cell;
import io.hybridsync.slab.Patience;
import io.hybridsync.wire.Channel;
import io.hybridsync.wire.Code;
import io.hybridsync.wire.DomainDirectory;
import io.hybridsync.wire.Message;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
 * <p>One daemon thread reads. A request is put on the list, said, and waits for its answer; any number may be under way. When
 * the broker ends, the thread finds the next one and hands everything over, see {@link Succession}; requests stay on the
 * list until they are answered. {@link Dispatch} tells where each message goes.
 *
 * <p>For good the connection ends when it is closed, when a broker refuses this client, unless it only came too late and has
 * nothing open, and when what it says makes no sense.
 * In the latter two cases the broker moves what the client has open away from it: everything is taken away here, too, and
 * {@code lost} is told when no thread is left there.
 *
 * <p>A broker that has let one request wait in vain is taken for stopped until it says something: what has to be said
 * all the same, {@link #askUnlessSilent}, is then not waited for.
 */
final class Connection implements Correspondence, AutoCloseable {

    /** How long to wait when the heap is full. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final Residences residences;
    private final String domain;
    private final long timeoutNanos;
    private final Consumer<Message.Answer> late;
    private final Runnable lost;
    private final Succession succession;
    private final Keepsakes keepsakes = new Keepsakes();
    private final Dispatch dispatch;
    private final Requests requests = new Requests();
    private final Signals signals = new Signals();
    private final Estate estate;
    private final Outbox outbox;
    private final Delivery delivery;
    private final Aside aside;
    private final AtomicLong asked = new AtomicLong();
    private final Thread reader;

    /** Calls the reading thread, when there is something for it to do that the broker does not tell. */
    private final EventFd calls = EventFd.create();

    /** Guards what follows, where it is written. */
    private final ReentrantLock changing = new ReentrantLock();

    /** Changed by the reading thread. */
    private volatile Contact contact;

    /** Nobody wants a broker any more. */
    private volatile boolean closed;

    /** The broker has let a request wait in vain, and has not been heard since. */
    private volatile boolean silent;

    /** The client is being closed: it does not wait for another broker. */
    private volatile boolean leaving;

    /**
     * @param contact closed with the connection
     * @param late what is done with answers that nobody waits for
     * @param lost is run by the connection's thread when everything has been taken away, and nobody sleeps there
     * @throws LimitExceededException when there is no descriptor left; the contact is still the caller's then
     */
    Connection(
            Contact contact,
            Succession succession,
            Means means,
            Slabs slabs,
            Ledgers ledgers,
            Residences residences,
            String domain,
            long timeoutNanos,
            Consumer<Message.Answer> late,
            ObjLongConsumer<LimitExceededException> stranded,
            Runnable lost) {
        this.contact = contact;
        this.succession = succession;
        this.aside = means.aside();
        this.residences = residences;
        this.domain = domain;
        this.timeoutNanos = timeoutNanos;
        this.late = late;
        this.lost = lost;
        this.delivery = means.delivery();
        this.estate = new Estate(slabs, keepsakes, ledgers, residences, requests, signals, delivery);
        this.outbox = new Outbox(requests, calls::signal);
        this.dispatch = new Dispatch(this, slabs, keepsakes, residences, requests, succession, late, stranded);
        this.reader = Daemon.named("hybrid-sync client of " + domain, this::read);
        outbox.open(way(contact.channel()));
    }

    private Outbox.Way way(Channel channel) {
        return new Outbox.Way() {
            @Override
            public Delivery.Outcome send(Estate.Item item) {
                return delivery.send(channel, item);
            }

            @Override
            public void shutdown() {
                channel.shutdown();
            }
        };
    }

    /**
     * Starts the reading thread.
     *
     * @throws LimitExceededException when there is none to be had
     */
    void start() {
        Daemon.start(reader);
    }

    /** The domain's own directory, where the broker listens or has listened last. */
    DomainDirectory directory() {
        return contact.directory();
    }

    /**
     * Sends a request and waits for its answer; an interrupt stays pending.
     *
     * @param request gives the message for a request number
     * @param type of the answer that is no failure
     * @throws SyncException what the broker answered, or that there is no answer
     */
    @Override
    public <A extends Message.Answer> A ask(IntFunction<? extends Message> request, Class<A> type) {
        return cast(await(begin(request, Connection::ignore)), type);
    }

    /**
     * Sends a request whose answer comes when it comes.
     *
     * @param heard is told the answer first, by the connection's thread
     * @throws BrokerUnavailableException when the broker has taken everything from this client
     * @throws ObjectClosedException when this client is closed
     */
    Request begin(IntFunction<? extends Message> message, Consumer<Message.Answer> heard) {
        Request request = request(message, heard, late);
        begin(request);
        return request;
    }

    /** The same with a request that is there: whatever fails, the caller says how he leaves. */
    void begin(Request request) {
        asked.getAndIncrement();
        SyncException over = outbox.ask(request);
        if (over != null) {
            throw unavailable(over);
        }
    }

    /**
     * A request that nobody has asked yet, and a thread is busy with until it says otherwise.
     *
     * @param undo takes back, by the connection's thread, what the broker did if nobody waits any more, or the thread fails
     */
    Request prepare(
            IntFunction<? extends Message> message, Consumer<Message.Answer> heard, Consumer<Message.Answer> undo) {
        Request request = request(message, heard, undo);
        request.busy = true;
        return request;
    }

    private Request request(
            IntFunction<? extends Message> message, Consumer<Message.Answer> heard, Consumer<Message.Answer> undo) {
        long order = requests.nextOrder();
        return new Request(order, message.apply(Request.number(order)), heard, undo);
    }

    @Override
    public void watch(Request request) {
        requests.watch(request);
    }

    /** Somebody waits for the last answers: what threads have left that have failed is seen to now. */
    void hurry() {
        requests.all().stream().filter(Request::isLeftInQueue).forEach(this::withdraw);
        calls.signal();
    }

    /**
     * Gives a request up that was not answered in time: the broker is taken for stopped.
     *
     * @return the answer, if it came at the last moment
     * @throws BrokerUnavailableException otherwise
     */
    Message.Answer giveUp(Request request) {
        if (request.giveUp()) {
            silent = true;
            throw late();
        }
        return answer(request);
    }

    /**
     * Waits for the answer to a request as long as the caller may: others may wait for it, too.
     *
     * @param limitNanos when the broker is taken for stopped, on the clock of {@link System#nanoTime}
     * @return null when the caller's time was up, or it was interrupted, first; the interrupt status stays
     * @throws BrokerUnavailableException when there is no answer, and will be none
     */
    Message.@Nullable Answer await(Request request, Patience patience, long limitNanos) {
        boolean brief = patience.deadlineNanos() != Cell.FOREVER && patience.deadlineNanos() - limitNanos < 0;
        long until = brief ? patience.deadlineNanos() : limitNanos;
        try {
            return patience.interruptible()
                    ? request.answer().get(until - System.nanoTime(), TimeUnit.NANOSECONDS)
                    : Uninterrupted.get(request.answer(), until);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } catch (TimeoutException e) {
            return brief ? null : giveUp(request);
        } catch (ExecutionException e) {
            throw unanswered(request, requireNonNull(e.getCause()));
        }
    }

    /**
     * The answer to a request, which has come or is just coming.
     *
     * @throws BrokerUnavailableException when the broker has taken everything from this client
     * @throws ObjectClosedException when this client is closed
     */
    Message.Answer answer(Request request) {
        try {
            return request.answer().join();
        } catch (CompletionException e) {
            throw unanswered(request, requireNonNull(e.getCause()));
        }
    }

    private SyncException unanswered(Request request, Throwable why) {
        return request.isGivenUp() ? late() : unavailable(why);
    }

    /** What is thrown where an answer does not come in time. */
    BrokerUnavailableException late() {
        return succession.late(TimeUnit.NANOSECONDS.toMillis(timeoutNanos));
    }

    @Override
    public Vigil vigil(
            IntFunction<? extends Message> request,
            Runnable checkOpen,
            Consumer<Message.Answer> heard,
            Consumer<Message.Answer> undo) {
        return new BrokerWait(this, request, checkOpen, heard, undo);
    }

    /** A wait at the broker is over, on this side. It is answered all the same. */
    void withdraw(Request wait) {
        wait.withdraw();
        tell(new Message.Withdraw(wait.number()));
    }

    /** How long an answer is waited for; nanoseconds. */
    long timeoutNanos() {
        return timeoutNanos;
    }

    /** Sends memory. The descriptor stays the caller's until what is asked next is answered. */
    void hand(Message.Hand message, Fd fd) {
        outbox.say(message, fd);
    }

    /**
     * Sends a request whose answer tells the caller nothing. Waits for it, unless the broker has been silent, or there is none.
     * In any case the request is sent, or follows when there is room.
     *
     * @throws SyncException as {@link #ask} does
     */
    void askUnlessSilent(IntFunction<? extends Message> message) {
        askUnlessSilent(message, () -> {});
    }

    /**
     * The same.
     *
     * @param answered is run by the connection's thread, before anybody else hears of it, when the broker has answered, however
     *     late, or is gone and will not: not when this client has lost the connection, or gives it up
     */
    void askUnlessSilent(IntFunction<? extends Message> message, Runnable answered) {
        Request request = begin(message, answer -> answered.run());
        if (isHeard()) {
            Message.Done _ = cast(await(request), Message.Done.class);
        }
    }

    /** Whether it has ended for good: nothing that is asked is answered any more. */
    boolean isOver() {
        return outbox.isClosed();
    }

    /** Whether a broker is there, and has been heard since it has let a request wait in vain. */
    boolean isHeard() {
        return !silent && succession.isServed();
    }

    /** Sends a request whose answer nobody waits for. Does nothing when the connection has ended for good. */
    void askAside(IntFunction<? extends Message> message) {
        askAside(message, Connection::ignore);
    }

    private void askAside(IntFunction<? extends Message> message, Consumer<Message.Answer> heard) {
        SyncException _ = outbox.ask(request(message, heard, late));
    }

    @Override
    public void askAside(String what, IntFunction<? extends Message> message, Runnable done) {
        askAside(message, answer -> {
            if (answer instanceof Message.Failed failed && failed.code() == Code.LIMIT) {
                aside(what, () -> askLater(what, message, done));
            } else {
                done.run();
            }
        });
    }

    private void askLater(String what, IntFunction<? extends Message> message, Runnable done) {
        LockSupport.parkNanos(PAUSE_NANOS);
        askAside(what, message, done);
    }

    /** Sends a message that has no answer. Does nothing when the connection has ended for good. */
    void tell(Message message) {
        outbox.say(message);
    }

    @Override
    public void signaled(Message.HandSignal signal) {
        signals.told(signal);
    }

    @Override
    public void left(int wait) {
        signals.used(wait);
        tell(new Message.ConditionLeft(wait));
    }

    /** The same, where nothing comes after it. */
    void aside(String what, Runnable task) {
        aside(what, task, () -> {});
    }

    @Override
    public void aside(String what, Runnable task, Runnable end) {
        aside.run(what, task, end);
        if (Thread.currentThread() != reader) {
            calls.signal();
        }
    }

    private static void ignore(Message.Answer answer) {}

    /** How many requests were sent. */
    long requests() {
        return asked.get();
    }

    /**
     * Waits for the answer to a request; an interrupt stays pending.
     *
     * @throws BrokerUnavailableException when there is no answer in time, or will be none
     * @throws ObjectClosedException when this client is closed
     */
    Message.Answer await(Request request) {
        try {
            return Uninterrupted.get(request.answer(), System.nanoTime() + timeoutNanos);
        } catch (TimeoutException e) {
            return giveUp(request);
        } catch (ExecutionException e) {
            throw unavailable(requireNonNull(e.getCause()));
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

    private SyncException unavailable(Throwable why) {
        if (why instanceof ObjectClosedException) {
            return new ObjectClosedException(String.valueOf(why.getMessage()));
        }
        return new BrokerUnavailableException(
                "the broker of domain \"%s\" cannot be asked: %s. Open the domain anew.".formatted(domain, why.getMessage()),
                why);
    }

    private void read() {
        try {
            do {
                serve(contact.channel());
            } while (succeed());
        } catch (RuntimeException | Error e) {
            loseInTheEnd(e);
        }
    }

    /** Whatever it is, nobody may wait for this thread any more: if there is no room to see to that, then as soon as there is. */
    private void loseInTheEnd(Throwable why) {
        for (;;) {
            try {
                lose(why instanceof SyncException known
                        ? known
                        : new BrokerUnavailableException("what it sent could not be dealt with: " + why, why));
                return;
            } catch (OutOfMemoryError e) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** Until the connection has ended, and everything that came by it has been dealt with. */
    private void serve(Channel channel) {
        for (;;) {
            switch (channel.poll()) {
                case MESSAGE -> heard(channel.received());
                case NOTHING -> await(channel);
                case END -> {
                    return;
                }
            }
        }
    }

    /** Until there is something to read, to send, or to look after. */
    private void await(Channel channel) {
        outbox.flush();
        boolean room = outbox.needsRoom();
        channel.socket().awaitReadable(room, calls, Math.min(tend(), outbox.due()));
    }

    /**
     * Looks after the objects, what was left by who has failed, and what is due, which comes last: the others may leave something
     * for it. Says when to do so again.
     */
    private long tend() {
        return Math.min(Math.min(residences.tend(this), requests.tend()), aside.tend());
    }

    /** By the connection's thread: the broker has given up this connection, and not this client, which begins anew. */
    void comeAgain() {
        contact.channel().shutdown();
    }

    /** The next broker takes over; false if nobody wants one. */
    private boolean succeed() {
        succession.alone();
        outbox.cut();
        if (leaving) {
            // This side has ended the connection, perhaps: then that broker may be there, and not have read the last of it.
            refuseAll();
            return false;
        }
        requests.settle(message -> message instanceof Message.Close || message instanceof Message.Leave);
        residences.nobodyWaits();
        Contact next = succession.await(contact.directory(), this::tend, this::startsAnew);
        if (next == null || !change(next)) {
            return false;
        }
        if (!next.heir()) {
            residences.begin(next.client());
            succession.served();
            outbox.open(way(next.channel()));
        } else if (estate.handOver(next.channel(), this::tend)) {
            outbox.open(way(next.channel()));
        } else {
            // It waits for the rest, which will not come: whatever it was, it begins anew.
            next.channel().shutdown();
        }
        return true;
    }

    /**
     * By the connection's thread: this client came too late for the broker, and has lost everything. If that is nothing it is a
     * new one from now on. In any case nothing is sent any more to the broker that says so, if that is there: what waits for
     * room may be memory that is let go of.
     */
    boolean startsAnew() {
        outbox.cut();
        boolean empty = estate.letGo();
        if (empty) {
            succession.startAnew();
        }
        return empty;
    }

    private boolean change(Contact next) {
        changing.lock();
        try {
            Contact over = closed ? next : contact;
            contact = closed ? contact : next;
            over.close();
            return !closed;
        } finally {
            changing.unlock();
        }
    }

    private void heard(Channel.Received received) {
        silent = false;
        outbox.flush();
        dispatch.take(received);
    }

    /** Nobody waits for the broker from here on, and then nobody for a word either. */
    private void lose(SyncException why) {
        contact.channel().shutdown();
        outbox.close(why);
        residences.takeAway(why);
        requests.fail(why);
        residences.drain();
        lost.run();
    }

    /** The client is about to be closed. It waits for the broker that is there to do what has to be done, for no other. */
    void leave() {
        leaving = true;
        if (!succession.isServed()) {
            refuseAll();
        }
    }

    private void refuseAll() {
        SyncException why = new ObjectClosedException("domain \"%s\" is closed".formatted(domain));
        outbox.close(why);
        requests.fail(why);
    }

    /** Ends the connection and its thread. */
    @Override
    public void close() {
        refuseAll();
        hangUp();
        succession.giveUp();
        Uninterrupted.join(reader);
        contact.close();
        keepsakes.close();
        calls.close();
    }

    /** Waits for what is still being done aside, when the connection is closed. That may want any lock. */
    void awaitAside() {
        aside.close();
    }

    private void hangUp() {
        changing.lock();
        try {
            closed = true;
            contact.channel().shutdown();
        } finally {
            changing.unlock();
        }
    }
}
