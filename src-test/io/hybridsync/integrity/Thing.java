package io.hybridsync.integrity;

import io.hybridsync.EventSpec;
import io.hybridsync.HybridObject;
import io.hybridsync.MutexSpec;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;

/** What an object is. */
enum Thing {
    SEMAPHORE {
        @Override
        HybridObject open(SyncDomain domain, String name, int value) {
            return domain.semaphore(name, SemaphoreSpec.permits(value).maximum(Subject.MAXIMUM));
        }
    },
    MUTEX {
        @Override
        HybridObject open(SyncDomain domain, String name, int value) {
            return domain.mutex(name, MutexSpec.unlocked());
        }
    },
    AUTO {
        @Override
        HybridObject open(SyncDomain domain, String name, int value) {
            return domain.event(name, EventSpec.autoReset());
        }
    },
    MANUAL {
        @Override
        HybridObject open(SyncDomain domain, String name, int value) {
            return domain.event(name, EventSpec.manualReset());
        }
    };

    /** Opens it, or creates it with that value. */
    abstract HybridObject open(SyncDomain domain, String name, int value);
}
