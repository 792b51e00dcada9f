package io.hybridsync.broker;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The objects whose waits are to be looked at again, because something may have been signaled. Whoever makes that happen
 * only says so; it is done when the event that the registry deals with is over, so that nobody finds the waits half changed.
 */
final class Looks {

    private final Set<SharedObject> due = new LinkedHashSet<>();

    void later(SharedObject object) {
        due.add(object);
    }

    /** The next one, or null. */
    @Nullable SharedObject next() {
        SharedObject first = due.isEmpty() ? null : due.iterator().next();
        due.remove(first);
        return first;
    }
}
