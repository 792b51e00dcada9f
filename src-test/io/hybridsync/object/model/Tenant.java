package io.hybridsync.object.model;

import io.hybridsync.word.Location;

/** Who has a place: the identity that a generation is meant to give, kept beside it so that its loss shows. */
record Tenant(int id, Location location) {

    /** The place, whoever has it. */
    long address() {
        return (location.slab() << Integer.SIZE) | location.offset();
    }
}
