package io.hybridsync.broker;

import io.hybridsync.wire.WaitOutcome;
import java.util.List;

/** What an attempt to satisfy a wait has come to. */
sealed interface Outcome {

    /** Nothing yet: the wait is subscribed. */
    record Pending() implements Outcome {}

    /** The wait is over; the fields are those of {@link io.hybridsync.wire.Message.Awaited}. */
    record Over(WaitOutcome how, int index, List<Integer> abandoned) implements Outcome {}

    /** The word of this object is not the library's; nothing is taken. */
    record Corrupted(SharedObject object) implements Outcome {}

    Outcome PENDING = new Pending();
}
