package io.hybridsync.slab;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A slab on the heap: the double of shared memory in tests. Its cells behave as those of a mapped slab: volatile accesses,
 * and futexes on both halves that platform and virtual threads can sleep on.
 */
public final class HeapSlab extends Slab {

    private final AtomicLongArray words;
    private final List<Sleeper> sleepers = new ArrayList<>();

    private static final class Sleeper {
        final List<Watch> watches;
        boolean woken;

        Sleeper(List<Watch> watches) {
            this.watches = watches;
        }

        boolean isOn(Cell cell, Half half) {
            return watches.stream().anyMatch(watch -> watch.cell().equals(cell) && watch.half() == half);
        }
    }

    /** All zeroes; usable as {@code HeapSlab::new} where a {@link SlabSource} is wanted. */
    public HeapSlab(long id, int size) {
        super(id, size);
        words = new AtomicLongArray(size / Long.BYTES);
    }

    /** How many threads sleep in this slab: an event to await where a test wants somebody asleep. */
    public synchronized int sleepers() {
        return sleepers.size();
    }

    @Override
    protected Cell newCell(int offset) {
        return new HeapCell(offset);
    }

    /** What a futex compares. */
    public static int half(long word, Half half) {
        return (int) (word >>> (Byte.SIZE * half.offset()));
    }

    private final class HeapCell extends Cell {

        private final int index;

        HeapCell(int offset) {
            this.index = offset / Long.BYTES;
        }

        @Override
        public long load() {
            return words.get(index);
        }

        /** Another cell of the same word is the same futex. */
        @Override
        public boolean equals(Object other) {
            return other instanceof HeapCell cell && cell.slab() == slab() && cell.index == index;
        }

        @Override
        public int hashCode() {
            return index;
        }

        private HeapSlab slab() {
            return HeapSlab.this;
        }

        @Override
        public boolean compareAndSet(long expected, long next) {
            return words.compareAndSet(index, expected, next);
        }

        @Override
        public void store(long word) {
            words.set(index, word);
        }

        @Override
        public Sleep await(Half half, int expected, Patience patience) {
            return awaitAny(List.of(new Watch(this, half, expected)), patience);
        }

        @Override
        public Sleep awaitAny(List<Watch> watches, Patience patience) {
            synchronized (HeapSlab.this) {
                for (Watch watch : watches) {
                    if (half(watch.cell().load(), watch.half()) != watch.expected()) {
                        return Sleep.CHANGED;
                    }
                }
                Sleeper sleeper = new Sleeper(watches);
                sleepers.add(sleeper);
                try {
                    return sleep(sleeper, patience.deadlineNanos(), patience.interruptible());
                } finally {
                    sleepers.remove(sleeper);
                }
            }
        }

        @Override
        public int wake(Half half, int count) {
            synchronized (HeapSlab.this) {
                int woken = 0;
                for (Sleeper sleeper : sleepers) {
                    if (woken < count && !sleeper.woken && sleeper.isOn(this, half)) {
                        sleeper.woken = true;
                        woken++;
                    }
                }
                HeapSlab.this.notifyAll();
                return woken;
            }
        }

        private Sleep sleep(Sleeper sleeper, long deadlineNanos, boolean interruptible) {
            boolean interrupted = false;
            try {
                while (!sleeper.woken) {
                    if (deadlineNanos != FOREVER && deadlineNanos - System.nanoTime() <= 0) {
                        return Sleep.TIMED_OUT;
                    }
                    try {
                        pause(deadlineNanos);
                    } catch (InterruptedException e) {
                        interrupted = true;
                        if (interruptible) {
                            return Sleep.INTERRUPTED;
                        }
                    }
                }
                return Sleep.WOKEN;
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        /** Until somebody is woken, who knows who; the caller looks. */
        @SuppressWarnings("WaitNotInLoop")
        private void pause(long deadlineNanos) throws InterruptedException {
            synchronized (HeapSlab.this) {
                if (deadlineNanos == FOREVER) {
                    HeapSlab.this.wait();
                } else {
                    HeapSlab.this.wait((Math.max(0, deadlineNanos - System.nanoTime()) + 999_999) / 1_000_000 + 1);
                }
            }
        }
    }
}
