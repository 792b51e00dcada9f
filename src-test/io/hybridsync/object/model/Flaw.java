package io.hybridsync.object.model;

/** What the model's broker, a client's connection or the judge does wrong when a test wants it to. */
enum Flaw {
    /** A client switches when told, before it sees MOVED. */
    SWITCH_WHEN_TOLD,
    /** A client acknowledges while one of its threads is on the slow path at the old place. */
    HASTY_ACKNOWLEDGEMENT,
    /** The old place is given away without acknowledgements. */
    NO_ACKNOWLEDGEMENT,
    /** Nobody minds that a word is touched after a release, so that what it leads to is seen. */
    TOUCH_UNNOTICED,
    /** Nobody minds what a mark looks like. */
    MARK_UNNOTICED,
    /** The death of a client wakes nobody. */
    SILENT_DEATH,
    /** The death of a client wakes all, and then its mutexes are marked. */
    WAKES_THEN_MARKS,
    /** The mark of a mutex wakes one. */
    MARK_WAKES_ONE,
    /** A pulse is a set, with its wakes, and then a reset. */
    PULSES_BY_SET_AND_RESET,
    /** Nobody minds that a value is lost on the way, so that what it leads to is seen. */
    LOSS_UNNOTICED,
    /** Nobody minds that a flag of the broker is lost. */
    FLAG_UNNOTICED,
    /** The death of a client does not make the broker look at its waits. */
    DEATH_WITHOUT_LOOK
}
