package io.hybridsync.object.model;

import io.hybridsync.word.Location;
import org.jspecify.annotations.Nullable;

/**
 * Who has a place: the identity that a generation is meant to give, kept beside it so that its loss shows.
 *
 * @param thing the object; null for a stranger
 */
record Tenant(int id, @Nullable Thing thing, Location location) {

    /** The place, whoever has it. */
    long address() {
        return (location.slab() << Integer.SIZE) | location.offset();
    }

    Thing owner() {
        Thing owner = thing;
        if (owner == null) {
            throw new AssertionError("a stranger's place: " + this);
        }
        return owner;
    }
}
