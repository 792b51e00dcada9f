package io.hybridsync.succession;

import io.hybridsync.object.Ledger;
import io.hybridsync.slab.Cell;
import io.hybridsync.slab.Half;
import io.hybridsync.slab.HeapSlab;
import io.hybridsync.slab.Patience;
import io.hybridsync.slab.Slab;
import io.hybridsync.slab.SlabCache;
import io.hybridsync.slab.Sleep;
import io.hybridsync.slab.Watch;
import io.hybridsync.wire.Memory;
import java.util.List;

/**
 * The seam: memory of which every access is a step of the schedule, before which others may run, or whose thread may be killed
 * with its process. Of what nobody has written to yet there are too many words for that, and nobody else looks at them: a look at
 * one of those, and that it is poisoned, are no steps.
 */
final class RealmSlab extends Slab {

    private final Realm realm;
    final Block block;

    RealmSlab(Realm realm, Block block, int size) {
        super(block.id, size);
        this.realm = realm;
        this.block = block;
    }

    @Override
    protected Cell newCell(int offset) {
        return new RealmCell(realm, block, offset);
    }

    /** One word. */
    static final class RealmCell extends Cell {

        private final Realm realm;
        final Block block;
        final int offset;

        private RealmCell(Realm realm, Block block, int offset) {
            this.realm = realm;
            this.block = block;
            this.offset = offset;
        }

        @Override
        public long load() {
            if (isUntouched()) {
                return block.get(offset);
            }
            realm.step();
            long word = block.get(offset);
            realm.trace(() -> "load %s = %016x".formatted(this, word));
            return word;
        }

        private boolean isUntouched() {
            long word = block.get(offset);
            return (block.kind != Memory.LEDGER || offset % Ledger.ENTRY_BYTES == Ledger.OBJECT) && (word == 0 || word == SlabCache.POISON);
        }

        @Override
        public boolean compareAndSet(long expected, long next) {
            realm.step();
            boolean done = block.get(offset) == expected;
            realm.trace(() -> "cas  %s %016x -> %016x %s".formatted(this, expected, next, done));
            if (done) {
                block.set(offset, next);
                realm.wrote(block, offset, expected, next);
            }
            return done;
        }

        @Override
        public void store(long word) {
            if (word == SlabCache.POISON && block.get(offset) == 0) {
                block.set(offset, word);
                return;
            }
            realm.step();
            realm.trace(() -> "store %s %016x".formatted(this, word));
            long before = block.get(offset);
            block.set(offset, word);
            realm.wrote(block, offset, before, word);
        }

        @Override
        public Sleep await(Half half, int expected, Patience patience) {
            return awaitAny(List.of(new Watch(this, half, expected)), patience);
        }

        /** As the kernel does it: one futex after the other is compared, and queued on, and may be woken before the next is. */
        @Override
        public Sleep awaitAny(List<Watch> watches, Patience patience) {
            Dormitory.Nap nap = realm.dormitory().enter();
            for (Watch watch : watches) {
                realm.step();
                RealmCell cell = (RealmCell) watch.cell();
                if (HeapSlab.half(cell.block.get(cell.offset), watch.half()) != watch.expected()) {
                    return nap.isWoken() ? nap.leave(Sleep.WOKEN) : nap.leave(Sleep.CHANGED);
                }
                nap.queue(cell, watch.half());
            }
            realm.trace(() -> "sleeps on " + nap);
            if (watches.stream().allMatch(watch -> watch.half() == Half.DATA)) {
                realm.judge().sleeps(nap.actor);
            }
            return nap.sleep(patience.deadlineNanos() != FOREVER, patience.interruptible());
        }

        @Override
        public int wake(Half half, int count) {
            if (realm.dormitory().hasSleepers(this, half)) {
                realm.threaten();
            }
            realm.step();
            int woken = realm.dormitory().wake(this, half, count);
            realm.trace(() -> "wake %s of %s: %d".formatted(half, this, woken));
            return woken;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof RealmCell cell && cell.block == block && cell.offset == offset;
        }

        @Override
        public int hashCode() {
            return 31 * System.identityHashCode(block) + offset;
        }

        @Override
        public String toString() {
            return "%s+%d".formatted(block, offset);
        }
    }
}
