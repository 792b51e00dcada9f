package io.hybridsync.client;

import io.hybridsync.wire.Message;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The requests that are not answered yet, in the order in which they were asked; and those that are looked at because the thread
 * that asks may fail, see {@link Request}. Thread-safe.
 */
final class Requests {

    /** When to look again whether a thread has left that is about to. */
    private static final long PAUSE_NANOS = 20_000_000;

    private final AtomicLong last = new AtomicLong();
    private final Map<Integer, Request> open = new ConcurrentHashMap<>();
    private final Queue<Request> watched = new ConcurrentLinkedQueue<>();

    /** The order of a new request. */
    long nextOrder() {
        return last.incrementAndGet();
    }

    void add(Request request) {
        open.put(request.number(), request);
    }

    /** The request with that number, unless it has been answered. */
    @Nullable Request find(int number) {
        return open.get(number);
    }

    /** A thread is busy with it, before it is asked. */
    void watch(Request request) {
        watched.add(request);
    }

    /** By the connection's thread: that is the answer. */
    void answered(Request request, Message.Answer answer) {
        // As long as it is in the list it fails with the connection, if there is no room to deal with the answer.
        request.answered(answer);
        if (request.busy) {
            watched.add(request);
        }
        open.remove(request.number());
    }

    /**
     * By the connection's thread: takes back what was left by threads that have failed.
     *
     * @return when to come again, on the clock of {@link System#nanoTime}
     */
    long tend() {
        watched.removeIf(this::isSettled);
        return watched.isEmpty() ? Long.MAX_VALUE : System.nanoTime() + PAUSE_NANOS;
    }

    /** What has come into the list and no further is over. */
    private boolean isSettled(Request request) {
        if (request.failed && !request.asked) {
            open.remove(request.number(), request);
        }
        return request.isSettled();
    }

    /** All of them, in their order. */
    List<Request> all() {
        return open.values().stream()
                .sorted(Comparator.comparingLong(Request::order))
                .toList();
    }

    /** No answer will come to any of them. */
    void fail(Throwable why) {
        all().forEach(request -> request.fail(why));
        open.clear();
    }

    /** Says of some requests that they are done, as a broker would. */
    void settle(Predicate<Message> which) {
        for (Request request : all()) {
            if (which.test(request.message())) {
                request.answered(new Message.Done(request.number()));
                open.remove(request.number());
            }
        }
    }

    /** Everything that the next broker has to be asked. What it need not hear of is not open any more. */
    List<Message> again() {
        List<Message> again = new ArrayList<>();
        for (Request request : all()) {
            List<Message> messages = request.again();
            again.addAll(messages);
            if (messages.isEmpty()) {
                open.remove(request.number());
            }
        }
        return again;
    }
}
