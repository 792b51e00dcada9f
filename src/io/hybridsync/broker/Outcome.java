package io.hybridsync.broker;

import io.hybridsync.wire.WaitOutcome;

/** What an attempt to satisfy a wait has come to. */
sealed interface Outcome {

    /** Nothing yet: the wait is subscribed. */
    record Pending() implements Outcome {}

    /** It has got what it waits for, and the client has been told that; fields as those of {@link Over}. */
    record Granted(WaitOutcome how, int index) implements Outcome {}

    /** The client cannot be told now: nothing is taken, and it is to be tried again when it can. */
    record Untold() implements Outcome {}

    /** The wait is over, and nothing is taken; the fields are those of {@link io.hybridsync.wire.Message.Awaited}. */
    record Over(WaitOutcome how, int index) implements Outcome {}

    /** The word of this object is not the library's; nothing is taken. */
    record Corrupted(SharedObject object) implements Outcome {}

    Outcome PENDING = new Pending();

    Outcome UNTOLD = new Untold();
}
