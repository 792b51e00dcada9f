package io.hybridsync.broker;

import io.hybridsync.error.LimitExceededException;
import io.hybridsync.error.ProtocolException;
import io.hybridsync.kernel.Fd;
import io.hybridsync.slab.Cell;
import io.hybridsync.slab.Half;
import io.hybridsync.slab.Slab;
import io.hybridsync.slab.SlabCache;
import io.hybridsync.slab.SleeplessCell;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import io.hybridsync.word.Location;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Slabs on the heap of the test, where it can see and change every word, and who was woken. */
final class HeapSlabs implements Storage {

    private final Map<Long, HeapSlab> slabs = new HashMap<>();
    private final List<String> wakes = new ArrayList<>();
    private final Map<Location, Integer> losing = new HashMap<>();
    private int left = Integer.MAX_VALUE;
    private int adoptable = Integer.MAX_VALUE;
    private int lost;
    private boolean exact;
    private Runnable access = () -> {};
    private Chronicle chronicle = new Chronicle(List.of());
    private int lastClient;
    private @Nullable Slab handed;
    private @Nullable Slab forged;

    @Override
    public Slab create(long id, int size) {
        if (left-- <= 0) {
            throw new LimitExceededException("no more slabs in this test");
        }
        HeapSlab slab = new HeapSlab(id, size);
        slabs.put(id, slab);
        return slab;
    }

    @Override
    public Slab createOwn(long id, int size) {
        return create(id, size);
    }

    @Override
    public Object identity(@Nullable Fd fd, Message.Hand hand) {
        Slab known = hand.memory() == Memory.JOURNAL ? handed : slabs.get(hand.id());
        return Objects.requireNonNull(forged == null ? known : forged);
    }

    @Override
    public Object identity(Slab journal) {
        return journal;
    }

    @Override
    public Chronicle chronicle() {
        return chronicle;
    }

    @Override
    public void write(Chronicle now) {
        access.run();
        chronicle = now;
    }

    @Override
    public int lastClient() {
        return lastClient;
    }

    @Override
    public void reserveClients(int last) {
        access.run();
        lastClient = last;
    }

    /** What brokers before have written down of their journals. */
    void named(Slab... journals) {
        chronicle = new Chronicle(Stream.of(journals)
                .map(journal -> new Chronicle.Line(journal, Journal.incarnation(journal)))
                .toList());
    }

    /** The journals that are written down. */
    List<Object> journals() {
        return chronicle.lines().stream().map(Chronicle.Line::file).toList();
    }

    /** From now on what is handed over with another size than it has is refused, as by the kernel's word. */
    void measures() {
        exact = true;
    }

    /** Nothing can be taken that is handed over, or again all. */
    void adoptsNothing(boolean nothing) {
        adoptable = nothing ? 0 : Integer.MAX_VALUE;
    }

    @Override
    public Slab adopt(@Nullable Fd fd, Message.Hand hand) {
        if (adoptable <= 0) {
            throw new LimitExceededException("no descriptor in this test");
        }
        Slab known = hand.memory() == Memory.JOURNAL ? handed : slabs.get(hand.id());
        Slab file = Objects.requireNonNull(forged == null ? known : forged);
        if (exact && file.size() != hand.size()) {
            throw new ProtocolException("a file of %d bytes, said to have %d".formatted(file.size(), hand.size()));
        }
        return file;
    }

    /** From now on all that is handed over is another file; size 0: what it is said to be. */
    void forge(int size) {
        forged = size == 0 ? null : new HeapSlab(-1, size);
    }

    /** The journal that is handed over next: they all have one id. */
    void handsJournal(@Nullable Slab journal) {
        handed = journal;
    }

    /** What the broker of this test has for its own journal. */
    Slab journal() {
        return Objects.requireNonNull(slabs.get(0L));
    }

    /** Is called before every access to a word, whichever: it may throw. */
    void beforeAccess(Runnable step) {
        access = step;
    }

    /** Something that is no access. */
    void unobserved(Runnable task) {
        Runnable step = access;
        access = () -> {};
        task.run();
        access = step;
    }

    /** No more than so many from now on. */
    void limit(int slabsLeft) {
        left = slabsLeft;
    }

    /** How large a slab is, 0 if there is none. */
    int size(long id) {
        HeapSlab slab = slabs.get(id);
        return slab == null ? 0 : slab.size();
    }

    Cell cell(Location location) {
        return Objects.requireNonNull(slabs.get(location.slab())).cell(location.offset());
    }

    /** So many attempts to write at a place fail, as if others wrote there without a pause. */
    void lose(Location location, int attempts) {
        losing.put(new Location(location.slab(), location.offset(), 0), attempts);
    }

    /** How many attempts have failed so. */
    int lost() {
        return lost;
    }

    /** The words of places that are poisoned: they are nobody's. */
    List<Long> freeWords() {
        return slabs.values().stream()
                .flatMap(slab -> Arrays.stream(slab.words).boxed())
                .filter(word -> word == SlabCache.POISON)
                .toList();
    }

    private boolean loses(Location place) {
        int attempts = losing.getOrDefault(place, 0);
        losing.put(place, Math.max(0, attempts - 1));
        lost += attempts > 0 ? 1 : 0;
        return attempts > 0;
    }

    /** "offset half" of every wake so far. */
    List<String> wakes() {
        return wakes;
    }

    private final class HeapSlab extends Slab {

        private final long[] words;

        HeapSlab(long id, int size) {
            super(id, size);
            words = new long[size / Long.BYTES];
        }

        @Override
        protected Cell newCell(int offset) {
            return new HeapCell(this, offset);
        }
    }

    private final class HeapCell extends SleeplessCell {

        private final HeapSlab slab;
        private final int offset;

        HeapCell(HeapSlab slab, int offset) {
            this.slab = slab;
            this.offset = offset;
        }

        @Override
        public long load() {
            access.run();
            return slab.words[offset / Long.BYTES];
        }

        @Override
        public boolean compareAndSet(long expected, long next) {
            boolean equal = load() == expected && !loses(new Location(slab.id(), offset, 0));
            if (equal) {
                slab.words[offset / Long.BYTES] = next;
            }
            return equal;
        }

        @Override
        public void store(long word) {
            access.run();
            slab.words[offset / Long.BYTES] = word;
        }

        @Override
        public int wake(Half half, int count) {
            access.run();
            wakes.add(offset + " " + half);
            return 0;
        }
    }
}
