package io.hybridsync.object;

import io.hybridsync.slab.Slot;

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
        REFUTED
    }

    /** How long LOCKED is waited for before {@link #askLocked}; nanoseconds. */
    long claimTimeoutNanos();

    /** Whether the broker is in a transaction on the portion's word at this slot. */
    Verdict askLocked(Portion portion, Slot slot);

    /** Makes the place that the portion's word moved to from this slot the portion's; CONFIRMED when that is done. */
    Verdict follow(Portion portion, Slot slot);

    /** An object was signaled for which somebody waits at the broker. Never blocks; what cannot be sent now is sent later. */
    void signaled(Portion portion);

    /** Reports a word that does not verify. Never throws, never blocks for an answer. */
    void corrupted(Portion portion, Slot slot, long word);
}
