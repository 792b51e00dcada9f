package io.hybridsync.object.model;

/** A semaphore. */
class Permits extends Ghost {

    Permits(Thing thing) {
        super(thing);
    }

    @Override
    boolean isThere(Actor me, int value) {
        return value >= me.footprint.wanted(thing);
    }
}
