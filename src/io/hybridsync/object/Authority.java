package io.hybridsync.object;

import io.hybridsync.error.CorruptedObjectException.Writer;
import io.hybridsync.slab.Patience;
import io.hybridsync.slab.Slot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The broker, as a private portion needs it. Words carry claims of the broker (LOCKED, MOVED); what a word claims and the
 * broker does not confirm is corruption.
 *
 * <p>Implementations are thread-safe. The methods that ask may block for a message's round trip, and throw
 * {@link io.hybridsync.error.BrokerUnavailableException} when there is no answer.
 */
public interface Authority {

    /** What the broker says of a claim that a word makes. It looks at the word itself, so that answers are of one moment. */
    enum Verdict {
        /** The claim is the broker's. */
        CONFIRMED,
        /** The word makes no such claim any more: look again. */
        GONE,
        /** The word makes the claim and the broker did not: the word is corrupted. */
        REFUTED,
        /** The caller's time was up before the broker had answered. */
        LATE,
        /** The calling thread was interrupted before the broker had answered; the interrupt status stays. */
        INTERRUPTED
    }

    /** What {@link #look} returns when the word was not seen. */
    long NOT_SEEN = -1;

    /** How long LOCKED is waited for before {@link #askLocked}; nanoseconds. */
    long claimTimeoutNanos();

    /**
     * Whether the broker is in a transaction on the portion's word at this slot. Threads that ask the same share the answer.
     *
     * @param patience how long the caller may wait for it, besides the time that the broker has to answer
     */
    Verdict askLocked(Portion portion, Slot slot, Patience patience);

    /**
     * Makes the place that the portion's word moved to from this slot the portion's; CONFIRMED when that is done.
     *
     * @param patience as for {@link #askLocked}
     */
    Verdict follow(Portion portion, Slot slot, Patience patience);

    /**
     * Applies a rule to a word that is the broker's own.
     *
     * @return as {@link Portion#apply}
     */
    long operate(Portion portion, Rule rule, int argument);

    /**
     * Looks at a word that is the broker's own.
     *
     * @param patience how long the caller may wait, besides the time that the broker has to answer
     * @return its value, or {@link #NOT_SEEN} when the caller's time was up, or it was interrupted, before; the interrupt
     *     status stays
     */
    long look(Portion portion, Patience patience);

    /**
     * Waits at the broker: where words are the broker's own, for more words than a thread can sleep on, and for several
     * objects at once.
     *
     * @param all whether for all at once; otherwise for any, the first in the list wins
     * @param wants what is waited for, none of them a mutex that the calling thread owns
     * @param alert ends the wait, unless what is waited for is there
     * @param patience how to wait; with a deadline that has passed it is tried once. An interrupt ends an interruptible wait
     *     only if nothing was taken.
     * @return what became of it; what was taken this client has been {@link Want#granted}, the rest is the caller's
     * @throws InterruptedException when the thread was interrupted first; the interrupt status is cleared
     */
    Grant await(boolean all, List<Want> wants, @Nullable Want alert, Patience patience) throws InterruptedException;

    /**
     * What became of a wait at the broker.
     *
     * @param ending how it ended; never ADOPTED
     * @param index the object that was taken or ended the wait; 0 for all; otherwise -1
     * @param abandoned the indexes of the mutexes among those taken that were abandoned, ascending
     */
    record Grant(Ending ending, int index, List<Integer> abandoned) {

        /** Keeps its own copy. */
        public Grant {
            abandoned = List.copyOf(abandoned);
        }
    }

    /**
     * The broker is about to be asked for something of the portion's object that it may grant late: until {@link #mayClose} it
     * does not hear that this client has closed the object, so that it can be given back.
     *
     * @param question what it is asked, by identity
     * @return false when it may have heard that already: then it must not be asked
     */
    default boolean keepOpen(Portion portion, Object question) {
        return true;
    }

    /** What the broker was asked for is granted and used, not granted, or given back; to say so again does nothing. */
    default void mayClose(Portion portion, Object question) {}

    /** An object was signaled for which somebody waits at the broker. Never blocks; what cannot be sent now is sent later. */
    void signaled(Portion portion);

    /**
     * Returns if the calling thread can say that an object was {@link #signaled}.
     *
     * @throws StackOverflowError if it may have no stack for that
     */
    default void checkHeadroom() {}

    /** Reports a word that does not verify. Never throws, never blocks for an answer. */
    void corrupted(Portion portion, Slot slot, long word);

    /** Who could have written to the portion's word; empty when that cannot be known soon. Never throws. */
    List<Writer> writers(Portion portion);
}
