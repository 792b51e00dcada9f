package io.hybridsync.client;

import io.hybridsync.slab.Slab;
import io.hybridsync.wire.Message;
import org.jspecify.annotations.Nullable;

/** A message, with the memory whose descriptor goes along, where its reader has it mapped. */
public record Parcel(Message message, @Nullable Slab memory) {

    /** A message alone. */
    static Parcel of(Message message) {
        return new Parcel(message, null);
    }
}
