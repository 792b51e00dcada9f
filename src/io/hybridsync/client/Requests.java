package io.hybridsync.client;

import io.hybridsync.wire.Message;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The requests that are not answered yet, in the order in which they were asked. Thread-safe. */
final class Requests {

    private final AtomicLong last = new AtomicLong();
    private final Map<Integer, Request> open = new ConcurrentHashMap<>();

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

    /** It is not open any more. */
    void remove(int number) {
        open.remove(number);
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
