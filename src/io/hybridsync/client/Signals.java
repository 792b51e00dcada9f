package io.hybridsync.client;

import io.hybridsync.wire.Message;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The signals of conditions that threads of this client have been told, and have not said that they have made use of: the next
 * broker is to give them to others if this client ends. Thread-safe.
 *
 * <p>Written by the connection's thread when it reads of a signal, which is before it hands anything over; so what is not
 * here was never told, or has been used.
 */
final class Signals {

    private final Map<Integer, Message.HandSignal> unused = new ConcurrentHashMap<>();

    /** A thread was signaled. */
    void told(Message.HandSignal signal) {
        unused.put(signal.request(), signal);
    }

    /** It owns the mutex again, or the signal was passed on; to be called before the broker is told. */
    void used(int request) {
        unused.remove(request);
    }

    Stream<Message.HandSignal> all() {
        return unused.values().stream();
    }
}
