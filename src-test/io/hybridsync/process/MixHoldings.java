package io.hybridsync.process;

import io.hybridsync.HybridEvent;
import io.hybridsync.HybridMutex;
import io.hybridsync.HybridObject;
import io.hybridsync.HybridSemaphore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;

/** What one thread of {@link MixChild} has taken and will give back, and its books. */
final class MixHoldings {

    private final MixLedger ledger;
    private final long who;
    private final IntFunction<HybridObject> objects;
    private final List<Integer> held = new ArrayList<>();
    private final long[] entries = new long[Mix.OBJECTS];

    MixHoldings(MixLedger ledger, long who, IntFunction<HybridObject> objects) {
        this.ledger = ledger;
        this.who = who;
        this.objects = objects;
    }

    /** The thread has just taken it. */
    void taken(int object) {
        switch (Mix.sort(object)) {
            case SEMAPHORE -> ledger.takePermit(object);
            case MUTEX -> {
                if (held.contains(object)) {
                    ledger.checkInside(object, who);
                } else {
                    enter(object);
                }
            }
            case AUTO_RESET -> enter(object);
            case MANUAL_RESET -> {}
        }
        held.add(object);
    }

    private void enter(int object) {
        ledger.enter(object, who);
        entries[object]++;
    }

    boolean isEmpty() {
        return held.isEmpty();
    }

    /** All of it, in any order. */
    void giveBack(Random random) {
        Collections.shuffle(held, random);
        while (!held.isEmpty()) {
            int object = held.removeLast();
            giveBack(object, objects.apply(object));
        }
    }

    private void giveBack(int index, HybridObject object) {
        switch (object) {
            case HybridSemaphore semaphore -> {
                ledger.leavePermit(index);
                semaphore.release();
            }
            case HybridMutex mutex -> {
                if (!held.contains(index)) {
                    ledger.leave(index, who);
                }
                mutex.unlock();
            }
            case HybridEvent event -> {
                if (Mix.sort(index) == Mix.Sort.AUTO_RESET) {
                    ledger.leave(index, who);
                    if (event.set()) {
                        throw new IllegalStateException(event + " was set while somebody had it");
                    }
                }
            }
        }
    }

    /** At the end. */
    void close() {
        for (int object = 0; object < Mix.OBJECTS; object++) {
            ledger.close(object, entries[object]);
        }
    }
}
