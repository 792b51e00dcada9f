package io.hybridsync.app;

import io.hybridsync.EventSpec;
import io.hybridsync.HybridEvent;
import io.hybridsync.SyncDomain;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** An event for each worker, which it sets before it leaves. */
final class DoneEvents {

    private final SyncDomain domain;
    private final List<HybridEvent> events;
    private final int last;

    /**
     * @param lives how many workers there will be, numbered from 1
     * @param last how many of them are there at the end
     */
    DoneEvents(SyncDomain domain, int lives, int last) {
        this.domain = domain;
        this.events = IntStream.range(0, lives)
                .mapToObj(life -> domain.createEvent(EventSpec.manualReset()))
                .toList();
        this.last = last;
    }

    /** How many workers there will be. */
    int lives() {
        return events.size();
    }

    HybridEvent of(int life) {
        return events.get(life - 1);
    }

    /** Waits that long for all the workers that are there at the end, at once; whether they are done. */
    boolean awaitLast(Duration timeout) throws InterruptedException {
        HybridEvent[] awaited = events.subList(events.size() - last, events.size()).toArray(HybridEvent[]::new);
        return domain.awaitAll(timeout, awaited).acquired();
    }
}
