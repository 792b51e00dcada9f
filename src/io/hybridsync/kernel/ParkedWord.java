package io.hybridsync.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A word that threads of this process are parked for, and one dispatcher sleeps on in their place: (address, expected
 * value, queue of waiters). All of it belongs to who holds the guard.
 *
 * <table>
 *   <caption>Its states, of which "handed" and "armed" also occur together, when somebody handed does not get to
 * run</caption>   <tr><td>queue empty, none handed</td><td>nobody: it goes</td></tr>
 *   <tr><td>queue empty, some handed</td><td>goes when they have run</td></tr>
 *   <tr><td>queue, some handed</td><td>compared again when they have run, or after {@link #PATIENCE_NANOS}</td></tr>
 *   <tr><td>queue, none handed, not armed</td><td>new: its dispatcher has been told and compares</td></tr>
 *   <tr><td>queue, armed</td><td>the dispatcher sleeps on it</td></tr>
 *   <tr><td>queue empty, armed</td><td>the last who left waits until it is not armed any more</td></tr>
 * </table>
 */
final class ParkedWord {

    /** How long a hand-off may take, to a virtual thread that finds no carrier, until the next gets a chance. */
    static final long PATIENCE_NANOS = 10_000_000;

    /** How many at once are told that the word had changed before it got the value that is now waited for. */
    private static final int STALE_AT_ONCE = 16;

    private static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    private static final VarHandle WORD = JAVA_INT.varHandle();

    final long address;
    final Dispatcher dispatcher;

    /** Its place in the dispatcher's list; -1 when it is not in it any more. */
    int index;

    boolean armed;

    private int expected;
    private @Nullable Ticket first;
    private @Nullable Ticket last;
    private long joined;
    private long staleUpTo;
    private int handed;
    private long handedAt;
    private int burst = 1;

    ParkedWord(long address, int expected, Dispatcher dispatcher) {
        this.address = address;
        this.expected = expected;
        this.dispatcher = dispatcher;
    }

    /** Only while the queue is not empty: who waits there keeps the memory mapped. */
    static int read(long address) {
        return (int) WORD.getVolatile(MEMORY, address);
    }

    int expected() {
        return expected;
    }

    boolean isEmpty() {
        return first == null;
    }

    boolean isUnused() {
        return first == null && handed == 0;
    }

    /** Some were handed a wake and have not run, and have been given time to. */
    boolean isBusy(long now) {
        return handed > 0 && patienceEnds() - now > 0;
    }

    long patienceEnds() {
        return handedAt + PATIENCE_NANOS;
    }

    /** Whether its dispatcher has nothing to wait for, and must compare it. */
    boolean isDue() {
        return first != null && handed == 0 && !armed;
    }

    /**
     * The waiter has seen the word with that value a moment ago, under the guard.
     *
     * @return whether the dispatcher must be told
     */
    boolean join(Ticket ticket, int value) {
        boolean changed = value != expected;
        if (changed) {
            expected = value;
            staleUpTo = joined;
        }
        boolean unnoticed = first == null && !armed;
        burst = 1;
        append(ticket);
        return changed || unnoticed;
    }

    private void append(Ticket ticket) {
        ticket.word = this;
        ticket.queued = true;
        ticket.number = ++joined;
        ticket.previous = last;
        if (last == null) {
            first = ticket;
        } else {
            last.next = ticket;
        }
        last = ticket;
    }

    void remove(Ticket ticket) {
        ticket.queued = false;
        if (ticket.previous == null) {
            first = ticket.next;
        } else {
            ticket.previous.next = ticket.next;
        }
        if (ticket.next == null) {
            last = ticket.previous;
        } else {
            ticket.next.previous = ticket.previous;
        }
        ticket.previous = null;
        ticket.next = null;
    }

    void hasRun() {
        handed--;
    }

    /** The dispatcher goes to sleep on it: the next wake begins with one waiter again. */
    void matched() {
        burst = 1;
    }

    /**
     * Hands the wake to the first of the queue, if the word has another value than they wait for, or the kernel woke
     * it: to one, and when that one has run and the word still is different to two, four and so on. Then a word that
     * has changed for good lets ten thousand go in fourteen rounds, and one that was released once wakes one or two.
     */
    void handOff(boolean wokenByKernel, long now, Dispatcher to) {
        boolean different = wokenByKernel || (first != null && read(address) != expected);
        int most = most(different);
        int count = 0;
        while (count < most && first != null && (different || first.number <= staleUpTo)) {
            Ticket ticket = first;
            to.wake(ticket.waiter);
            ticket.handed = true;
            count++;
        }
        if (count > 0) {
            handed += count;
            handedAt = now;
            burst = different ? Math.min(2 * most, 1 << 30) : 1;
        }
    }

    /** One more when those before it find no carrier: so would a herd. */
    private int most(boolean different) {
        if (handed > 0) {
            return 1;
        }
        return different ? burst : STALE_AT_ONCE;
    }

    /** Takes one out of the queue, for nobody sleeps for it any more. */
    @Nullable ParkedWaiter evict() {
        if (first == null) {
            return null;
        }
        ParkedWaiter waiter = first.waiter;
        waiter.wake();
        return waiter;
    }
}
