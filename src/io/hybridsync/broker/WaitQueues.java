package io.hybridsync.broker;

import io.hybridsync.object.Rule;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where waits are subscribed, and what the words say of it: WAKE_BROKER is in the word of an object as long as a wait is
 * subscribed there.
 *
 * <p>A word that others write to without a pause is busy: nothing can be done to it now, not even subscribe. A wait is
 * queued there nevertheless, and no further attempt is made before the registry is told to try again.
 */
final class WaitQueues {

    /** In place of a rule, where others go first: only subscribes. */
    private static final Rule NOT_YET = new Rule() {
        @Override
        public int next(int value, int argument, int maximum) {
            return REFUSED;
        }

        @Override
        public int code() {
            return LOOK.code();
        }
    };

    private final Map<SharedObject, WaitQueue> queues = new HashMap<>();
    private final Set<SharedObject> busy = new LinkedHashSet<>();

    @Nullable WaitQueue of(SharedObject object) {
        return queues.get(object);
    }

    /** The wait is subscribed at this part. */
    void add(PendingWait.Part part) {
        queues.computeIfAbsent(part.object, object -> new WaitQueue()).add(part);
    }

    /** The wait is not subscribed at this part any more, or has never been: the word may be as if it had. */
    void remove(PendingWait.Part part) {
        SharedObject object = part.object;
        WaitQueue queue = queues.get(object);
        if (queue != null) {
            queue.remove(part);
        }
        if (queue == null || queue.isEmpty()) {
            clear(object);
        }
    }

    /** Nobody waits there: a signal is not to be told. */
    void clear(SharedObject object) {
        queues.remove(object);
        busy.remove(object);
        if (!object.isGone() && !object.isCorrupted()) {
            Step.unsubscribe(object.slot());
        }
    }

    /** What is to be tried for a part now: its rule, or only to subscribe where others go first. */
    Rule turn(PendingWait.Part part) {
        WaitQueue queue = queues.get(part.object);
        boolean blocked = queue != null && queue.isBlocked(part.wait);
        return blocked ? NOT_YET : part.rule;
    }

    /** Sees to it that the signals of an object's word are told, and looks at it. */
    static Step subscription(SharedObject object) {
        return object.step(NOT_YET, 0);
    }

    boolean isBusy(SharedObject object) {
        return busy.contains(object);
    }

    void setBusy(SharedObject object) {
        busy.add(object);
    }

    /** It is tried again; whether it was busy. */
    boolean setIdle(SharedObject object) {
        return busy.remove(object);
    }

    /** The objects to be tried again, those first that have been busy for longest. */
    List<SharedObject> busy() {
        return List.copyOf(busy);
    }

    /** How many objects somebody waits for. */
    int size() {
        return queues.size();
    }
}
