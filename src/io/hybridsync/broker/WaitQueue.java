package io.hybridsync.broker;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The waits that are subscribed at one object, in the order in which they came. */
final class WaitQueue {

    /** One wait, and those of its parts that are this object: a list may name it more than once. */
    record Entry(PendingWait pending, List<PendingWait.Part> parts) {}

    private final TreeMap<Long, Entry> entries = new TreeMap<>();
    private final TreeSet<Long> blocking = new TreeSet<>();

    void add(PendingWait.Part part) {
        PendingWait wait = part.wait;
        List<PendingWait.Part> parts =
                entries.computeIfAbsent(wait.ticket(), t -> new Entry(wait, new ArrayList<>())).parts();
        if (!parts.contains(part)) {
            parts.add(part);
        }
        if (wait.blocks(part.object)) {
            blocking.add(wait.ticket());
        }
    }

    void remove(PendingWait.Part part) {
        Entry entry = entries.get(part.wait.ticket());
        if (entry != null && entry.parts().remove(part) && entry.parts().isEmpty()) {
            entries.remove(part.wait.ticket());
            blocking.remove(part.wait.ticket());
        }
    }

    /** The first wait that came after that one, or null. */
    @Nullable Entry after(long ticket) {
        var next = entries.higherEntry(ticket);
        return next == null ? null : next.getValue();
    }

    /** Whether a wait has to let another one go first. */
    boolean isBlocked(PendingWait wait) {
        return !blocking.isEmpty() && blocking.first() < wait.ticket();
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }
}
