package io.hybridsync.integrity;

import java.util.List;
import java.util.stream.Stream;

/** An operation on an object, by the kinds that have it. */
enum Verb {
    TAKE(Thing.SEMAPHORE),
    GIVE(Thing.SEMAPHORE),
    DRAIN(Thing.SEMAPHORE),
    COUNT(Thing.SEMAPHORE),
    LOCK(Thing.MUTEX),
    UNLOCK(Thing.MUTEX),
    RECOVER(Thing.MUTEX),
    LOCKED(Thing.MUTEX),
    SET(Thing.AUTO, Thing.MANUAL),
    RESET(Thing.AUTO, Thing.MANUAL),
    PULSE(Thing.AUTO, Thing.MANUAL),
    PASS(Thing.AUTO, Thing.MANUAL),
    ASK(Thing.AUTO, Thing.MANUAL);

    private final Thing one;
    private final Thing another;

    Verb(Thing one) {
        this(one, one);
    }

    Verb(Thing one, Thing another) {
        this.one = one;
        this.another = another;
    }

    /** What can be done with a thing. */
    static List<Verb> of(Thing thing) {
        return Stream.of(values()).filter(verb -> verb.one == thing || verb.another == thing).toList();
    }

    /** What tells the value of a thing and changes nothing. */
    static Verb looking(Thing thing) {
        return switch (thing) {
            case SEMAPHORE -> COUNT;
            case MUTEX -> LOCKED;
            case AUTO, MANUAL -> ASK;
        };
    }
}
