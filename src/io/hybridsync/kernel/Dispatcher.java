package io.hybridsync.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A daemon thread that sleeps on up to 127 words for those who are parked for them. See {@link Dispatchers} for the
 * rules. Its control word is the first of those it sleeps on; a change of it makes the dispatcher look at its words
 * again. Without futex_waitv it sleeps on the control word alone, in slices, and compares all words after each.
 */
final class Dispatcher implements Runnable {

    /** How a dispatcher sleeps: {@link Futex#awaitAny}, or what stands in for it. */
    @FunctionalInterface
    interface Sleep {
        int awaitAny(long[] addresses, int[] expected, int count, long deadlineNanos);
    }

    /** How many words besides the control word. */
    static final int MOST_WORDS = Futex.MAX_WORDS - 1;

    private static final long SLICE_NANOS = 20_000_000;
    private static final int CONTROL = 0;
    private static final VarHandle WORD = JAVA_INT.varHandle();

    private final Dispatchers all;
    private final Guard guard;
    private final Thread thread;
    private final MemorySegment control = Arena.ofAuto().allocate(JAVA_INT);

    // Guarded
    private final List<ParkedWord> words = new ArrayList<>(MOST_WORDS);
    private final List<ParkedWaiter> departing = new ArrayList<>();
    private boolean told;

    // The dispatcher's own
    private final long[] addresses = new long[Futex.MAX_WORDS];
    private final int[] expected = new int[Futex.MAX_WORDS];
    private final ParkedWord[] armed = new ParkedWord[Futex.MAX_WORDS];
    private final ArrayDeque<ParkedWaiter> toUnpark = new ArrayDeque<>();
    private int count = 1;
    private long deadline;
    private long lastUse;

    Dispatcher(Dispatchers all, Guard guard, int number) {
        this.all = all;
        this.guard = guard;
        addresses[CONTROL] = control.address();
        thread = Thread.ofPlatform()
                .daemon()
                .name("hybrid-sync dispatcher " + number)
                .inheritInheritableThreadLocals(false)
                .unstarted(this);
    }

    /** The sleep of a kernel without futex_waitv. */
    static int sleepInSlices(long[] addresses, int[] expected, int count, long deadlineNanos) {
        long slice = Math.min(deadlineNanos, System.nanoTime() + SLICE_NANOS);
        return Futex.await(addresses[CONTROL], expected[CONTROL], slice);
    }

    Thread thread() {
        return thread;
    }

    boolean hasRoom() {
        return words.size() < MOST_WORDS;
    }

    ParkedWord add(long address, int value) {
        ParkedWord word = new ParkedWord(address, value, this);
        word.index = words.size();
        words.add(word);
        return word;
    }

    void remove(ParkedWord word) {
        ParkedWord moved = words.removeLast();
        if (moved != word) {
            words.set(word.index, moved);
            moved.index = word.index;
        }
        word.index = -1;
    }

    void addDeparting(ParkedWaiter waiter) {
        departing.add(waiter);
        waiter.departs();
    }

    /** Under the guard; whether the caller must {@link #rouse} it afterwards. */
    boolean tell() {
        if (told) {
            return false;
        }
        told = true;
        int _ = (int) WORD.getAndAdd(control, 0L, 1);
        return true;
    }

    /** After the guard was given back. */
    void rouse() {
        if (thread.getState() == Thread.State.NEW) {
            start();
            return;
        }
        try {
            Futex.wake(control.address(), 1);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    private void start() {
        try {
            Daemon.start(thread);
        } catch (Throwable e) {
            abandon();
            throw e;
        }
    }

    @Override
    public void run() {
        try {
            int result = -Errno.EAGAIN;
            while (prepare(result)) {
                unpark();
                result = all.sleep().awaitAny(addresses, expected, count, deadline);
            }
        } finally {
            abandon();
        }
    }

    /** All that a dispatcher does between two sleeps, but for the unparking; false when it is to end. */
    private boolean prepare(int result) {
        long now = System.nanoTime();
        if (result != -Errno.ETIMEDOUT) {
            lastUse = now;
        }
        guard.lock();
        try {
            disarm(result, now);
            releaseDeparting();
            compareAll(now);
            armAll(now);
            told = false;
            expected[CONTROL] = (int) WORD.getVolatile(control, 0L);
            return staysWithoutWords(now);
        } finally {
            guard.unlock();
        }
    }

    private void disarm(int result, long now) {
        for (int i = 1; i < count; i++) {
            ParkedWord word = armed[i];
            word.armed = false;
            if (i == result) {
                word.handOff(true, now, this);
            }
        }
    }

    private void releaseDeparting() {
        for (ParkedWaiter waiter : departing) {
            if (waiter.departed()) {
                toUnpark.add(waiter);
            }
        }
        departing.clear();
    }

    private void compareAll(long now) {
        for (ParkedWord word : words) {
            if (!word.isBusy(now)) {
                word.handOff(false, now, this);
            }
        }
    }

    private void armAll(long now) {
        count = 1;
        deadline = Long.MAX_VALUE;
        for (int i = words.size() - 1; i >= 0; i--) {
            ParkedWord word = words.get(i);
            if (word.isUnused()) {
                all.drop(word);
            } else if (!word.isEmpty()) {
                armOrWait(word, now);
            }
        }
        if (count == 1) {
            deadline = Math.min(deadline, (words.isEmpty() ? lastUse : now) + all.idleNanos());
        }
    }

    private void armOrWait(ParkedWord word, long now) {
        if (word.isBusy(now)) {
            deadline = Math.min(deadline, word.patienceEnds());
            return;
        }
        word.matched();
        word.armed = true;
        armed[count] = word;
        addresses[count] = word.address;
        expected[count] = word.expected();
        count++;
    }

    /** A word that is handed over and has nobody else in its queue goes without the dispatcher being told. */
    private boolean staysWithoutWords(long now) {
        if (!words.isEmpty() || now - lastUse < all.idleNanos()) {
            return true;
        }
        all.remove(this);
        return false;
    }

    private void unpark() {
        while (!toUnpark.isEmpty()) {
            toUnpark.getFirst().unpark();
            toUnpark.removeFirst();
        }
    }

    /** Notes that a waiter is to be unparked, then that it is woken. */
    void wake(ParkedWaiter waiter) {
        toUnpark.add(waiter);
        waiter.wake();
    }

    /** It ends, whatever the reason: those who are left look at their words, come again and find another one. */
    private void abandon() {
        guard.lock();
        try {
            all.remove(this);
        } finally {
            guard.unlock();
        }
        unpark();
        for (ParkedWaiter waiter = takeOne(); waiter != null; waiter = takeOne()) {
            waiter.unpark();
        }
    }

    /** Somebody who parks because of this dispatcher, and need not any more. Allocates nothing. */
    private @Nullable ParkedWaiter takeOne() {
        guard.lock();
        try {
            for (ParkedWord word : words) {
                word.armed = false;
                if (!word.isEmpty()) {
                    return word.evict();
                }
            }
            while (!departing.isEmpty()) {
                ParkedWaiter waiter = departing.removeLast();
                if (waiter.departed()) {
                    return waiter;
                }
            }
            return null;
        } finally {
            guard.unlock();
        }
    }
}
