package io.hybridsync.kernel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who sleeps for those who park.
 *
 * <p><b>Shape.</b> A parked thread cannot sleep in the kernel itself, so a few daemon threads, the dispatchers, do it
 * for all: each in futex_waitv, on up to 127 words and a control word of its own. A word is in one list of one
 * dispatcher, however many threads wait for it; one that is not known yet goes to the first dispatcher with room, and
 * if there is none to a new one. A dispatcher that has had no word for some seconds ends.
 *
 * <p><b>A word's waiters are one sleeper to the kernel</b>, and its wake is passed on, to one: 65,536 threads at one
 * semaphore are no herd. When the kernel wakes the dispatcher at a word, or the word has another value than its waiters
 * expect, the first of the queue is taken out, marked and unparked: it was handed the wake. When it runs, it settles:
 * the dispatcher compares the word again, and if it still is different hands over to two, then four, and so on, until
 * all are gone or the word is what is expected. It is seen to be that when the dispatcher sleeps on it, and when
 * somebody joins; then the next hand-off is to one again. Who is handed the wake always runs, and returns as woken even
 * if its time is up or it was interrupted (its interrupt stays pending): the caller looks at the word. A virtual thread
 * runs only when a carrier is free; the word is compared again without it after {@link ParkedWord#PATIENCE_NANOS}.
 *
 * <p><b>No wake is lost.</b> A signaling operation changes the word and wakes it then. Take a waiter in the queue. It
 * joined under the guard, where the word had the value that it expects: it has missed nothing before. Its word is
 * <ul>
 *   <li>armed: it is in the list that the dispatcher goes to sleep with or sleeps with. The kernel compares it when it
 *       queues the dispatcher, so a change before that turns the dispatcher back, and a change after that is followed
 *       by a wake that finds it (or another sleeper on that word, whose wake it then is). Whatever ends the sleep, all
 *       words are compared then, for the kernel names only one of those that were woken; or
 *   <li>not armed, and a comparison is due: the dispatcher has been told by way of its control word, which is among
 *       those compared, or somebody was handed the wake and tells it when he has run, or 10 ms have passed.
 * </ul>
 * The comparison hands over, or finds the expected value. Then the waiter, had it been woken, would have looked and
 * gone back to sleep. That is sound for every word whose waiters decide by the value alone; so it is for ours.
 *
 * <p><b>Another expected value.</b> Who joins has compared under the guard. If the others expect another value, theirs
 * is over, and each must look: the word takes the new value, and they are stale, handed over in rounds of at most 16
 * before the word is armed. Who only lost a race comes back into the queue with the new value, and is not stale.
 *
 * <p><b>No wake is swallowed.</b> A dispatcher that slept on a word for nobody would take the wake of a sleeper in
 * another process, and could not pass it on once the memory is unmapped. So the last who leaves an armed word, timed
 * out or interrupted, tells the dispatcher and does not return until it is awake; then it compares, and if the word has
 * changed it says woken, and the caller takes it or passes it on. A waiter for several words is taken out of all their
 * queues by the dispatcher that wakes it, while that is awake, so it has to wait for no one but another dispatcher.
 * Hence also the rule by which user-space reads here are safe: only words with a queue are read, and who is in a queue
 * keeps the memory mapped.
 *
 * <p><b>Progress.</b> All state is under one {@link Guard}, whose sections neither park nor call the kernel, and no
 * thread ever waits for a virtual one to be scheduled. Dispatchers are told only of what they would not notice: a new
 * word, a new value, a comparison that is due, a departure; not of one more waiter in a queue. A dispatcher that
 * fails, be it by an Error or by its system call, is forgotten with all its words, so that whoever comes gets another
 * one; then it wakes all its waiters, and they come back by themselves, as after any spurious wake-up.
 */
final class Dispatchers {

    private final Dispatcher.Sleep sleep;
    private final long idleNanos;
    private final Guard guard = new Guard();

    // Guarded
    private final Map<Long, ParkedWord> words = new HashMap<>();
    private final List<Dispatcher> dispatchers = new ArrayList<>();
    private int created;

    Dispatchers(Features features, long idleNanos) {
        this(features.futexWaitv() ? Futex::awaitAny : Dispatcher::sleepInSlices, idleNanos);
    }

    Dispatchers(Dispatcher.Sleep sleep, long idleNanos) {
        this.sleep = sleep;
        this.idleNanos = idleNanos;
    }

    Dispatcher.Sleep sleep() {
        return sleep;
    }

    long idleNanos() {
        return idleNanos;
    }

    /** The threads of now. */
    List<Thread> threads() {
        guard.lock();
        try {
            return dispatchers.stream().map(Dispatcher::thread).toList();
        } finally {
            guard.unlock();
        }
    }

    /** How many words somebody waits for. */
    int words() {
        guard.lock();
        try {
            return words.size();
        } finally {
            guard.unlock();
        }
    }

    /** See {@link Parking#awaitAny}. */
    int await(
            long[] addresses,
            int[] expected,
            int count,
            long deadlineNanos,
            boolean interruptible,
            @Nullable Object blocker) {
        check(addresses, count);
        if (interruptible && Thread.currentThread().isInterrupted()) {
            return -Errno.EINTR;
        }
        if (differ(addresses, expected, count)) {
            return -Errno.EAGAIN;
        }
        if (System.nanoTime() >= deadlineNanos) {
            return -Errno.ETIMEDOUT;
        }
        ParkedWaiter waiter = new ParkedWaiter(count);
        List<Dispatcher> toRouse = new ArrayList<>(1);
        int result = -Errno.EAGAIN;
        try {
            if (join(waiter, addresses, expected, toRouse)) {
                rouse(toRouse);
                result = waiter.park(deadlineNanos, interruptible, blocker);
            }
        } finally {
            leave(waiter, toRouse);
            rouse(toRouse);
            waiter.awaitDepartures();
            waiter.restoreInterrupt();
        }
        if (result == -Errno.EAGAIN) {
            return result;
        }
        return waiter.isWoken() || differ(addresses, expected, count) ? 0 : result;
    }

    private static void check(long[] addresses, int count) {
        if (count < 1 || count > addresses.length) {
            throw new IllegalArgumentException("count is " + count + ", not 1 to " + addresses.length);
        }
        for (int i = 0; i < count; i++) {
            if (addresses[i] % Integer.BYTES != 0) {
                throw new IllegalArgumentException("address " + addresses[i] + " is not that of a 32-bit word");
            }
        }
    }

    private static boolean differ(long[] addresses, int[] expected, int count) {
        for (int i = 0; i < count; i++) {
            if (ParkedWord.read(addresses[i]) != expected[i]) {
                return true;
            }
        }
        return false;
    }

    /** False, and nothing joined, if a word has another value: what the caller saw was over before it came here. */
    private boolean join(ParkedWaiter waiter, long[] addresses, int[] expected, List<Dispatcher> toRouse) {
        Ticket[] tickets = waiter.tickets();
        guard.lock();
        try {
            if (differ(addresses, expected, tickets.length)) {
                return false;
            }
            for (int i = 0; i < tickets.length; i++) {
                ParkedWord word = word(addresses[i], expected[i]);
                if (word.join(tickets[i], expected[i])) {
                    tell(word.dispatcher, toRouse);
                }
            }
            return true;
        } finally {
            guard.unlock();
        }
    }

    private ParkedWord word(long address, int expected) {
        ParkedWord known = words.get(address);
        if (known != null) {
            return known;
        }
        ParkedWord word = withRoom().add(address, expected);
        words.put(address, word);
        return word;
    }

    private Dispatcher withRoom() {
        for (Dispatcher dispatcher : dispatchers) {
            if (dispatcher.hasRoom()) {
                return dispatcher;
            }
        }
        Dispatcher dispatcher = new Dispatcher(this, guard, ++created);
        dispatchers.add(dispatcher);
        return dispatcher;
    }

    private static void tell(Dispatcher dispatcher, List<Dispatcher> toRouse) {
        toRouse.add(dispatcher);
        if (!dispatcher.tell()) {
            toRouse.removeLast();
        }
    }

    /** What a waiter does when it runs again: it is out of all queues, and the wakes that it was handed go on. */
    private void leave(ParkedWaiter waiter, List<Dispatcher> toRouse) {
        guard.lock();
        try {
            for (Ticket ticket : waiter.tickets()) {
                ticket.leave();
                if (ticket.word != null && ticket.word.index >= 0) {
                    settle(ticket.word, waiter, toRouse);
                }
            }
        } finally {
            guard.unlock();
        }
    }

    private void settle(ParkedWord word, ParkedWaiter waiter, List<Dispatcher> toRouse) {
        if (word.isEmpty() && word.armed) {
            word.dispatcher.addDeparting(waiter);
            tell(word.dispatcher, toRouse);
        } else if (word.isUnused()) {
            drop(word);
        } else if (word.isDue()) {
            tell(word.dispatcher, toRouse);
        }
    }

    /** Under the guard: nobody waits for it. */
    void drop(ParkedWord word) {
        words.remove(word.address, word);
        word.dispatcher.remove(word);
    }

    /** Under the guard: it takes no more words, and those that it has are nobody's. */
    void remove(Dispatcher dispatcher) {
        dispatchers.remove(dispatcher);
        words.values().removeIf(word -> word.dispatcher == dispatcher);
    }

    /** One that cannot be started leaves the others in peace. */
    private static void rouse(List<Dispatcher> toRouse) {
        while (!toRouse.isEmpty()) {
            try {
                toRouse.removeLast().rouse();
            } finally {
                rouse(toRouse);
            }
        }
    }
}
