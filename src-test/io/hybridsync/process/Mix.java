package io.hybridsync.process;

import io.hybridsync.EventSpec;
import io.hybridsync.HybridEvent;
import io.hybridsync.HybridMutex;
import io.hybridsync.HybridObject;
import io.hybridsync.HybridSemaphore;
import io.hybridsync.MutexSpec;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;

/**
 * The objects that all processes of {@link MultiWaitStressIT} wait for: of each kind as many, at each kind of place some.
 * All are signaled at first, and whoever takes one gives it back: an auto-reset event is a thing that one has at a time.
 */
final class Mix {

    /** How many there are. */
    static final int OBJECTS = 64;

    /** How many permits each semaphore has. */
    static final int PERMITS = 2;

    private static final int FIRST_COMPACT = 10;
    private static final int FIRST_GLOBAL = 12;
    private static final int FIRST_BROKER_ONLY = 14;

    private Mix() {}

    /** What one of them is. */
    enum Sort {
        SEMAPHORE,
        MUTEX,
        AUTO_RESET,
        MANUAL_RESET
    }

    /** Where one of them lives. */
    enum Place {
        SHARED,
        COMPACT,
        GLOBAL,
        BROKER
    }

    static Sort sort(int index) {
        return Sort.values()[index % Sort.values().length];
    }

    static Place place(int index) {
        int which = index / Sort.values().length;
        if (which >= FIRST_BROKER_ONLY) {
            return Place.BROKER;
        }
        if (which >= FIRST_GLOBAL) {
            return Place.GLOBAL;
        }
        return which >= FIRST_COMPACT ? Place.COMPACT : Place.SHARED;
    }

    private static String name(int index) {
        return "object " + index;
    }

    static HybridObject create(SyncDomain domain, int index) {
        return switch (sort(index)) {
            case SEMAPHORE -> {
                SemaphoreSpec spec = SemaphoreSpec.permits(PERMITS).maximum(PERMITS);
                yield domain.createSemaphore(name(index), switch (place(index)) {
                    case SHARED -> spec;
                    case COMPACT -> spec.compact();
                    case GLOBAL -> spec.global();
                    case BROKER -> spec.brokerOnly();
                });
            }
            case MUTEX -> {
                MutexSpec spec = MutexSpec.unlocked();
                yield domain.createMutex(name(index), switch (place(index)) {
                    case SHARED -> spec;
                    case COMPACT -> spec.compact();
                    case GLOBAL -> spec.global();
                    case BROKER -> spec.brokerOnly();
                });
            }
            case AUTO_RESET -> event(domain, index, EventSpec.autoReset().signaled());
            case MANUAL_RESET -> event(domain, index, EventSpec.manualReset().signaled());
        };
    }

    private static HybridEvent event(SyncDomain domain, int index, EventSpec spec) {
        return domain.createEvent(name(index), switch (place(index)) {
            case SHARED -> spec;
            case COMPACT -> spec.compact();
            case GLOBAL -> spec.global();
            case BROKER -> spec.brokerOnly();
        });
    }

    static HybridObject open(SyncDomain domain, int index) {
        return switch (sort(index)) {
            case SEMAPHORE -> domain.openSemaphore(name(index));
            case MUTEX -> domain.openMutex(name(index));
            case AUTO_RESET, MANUAL_RESET -> domain.openEvent(name(index));
        };
    }

    /** Whether all of it is there again that was there at first. */
    static boolean isComplete(HybridObject object) {
        return switch (object) {
            case HybridSemaphore semaphore -> semaphore.availablePermits() == PERMITS;
            case HybridMutex mutex -> !mutex.isLocked() && !mutex.isAbandoned();
            case HybridEvent event -> event.isSet();
        };
    }
}
