package io.hybridsync.wire;

import io.hybridsync.word.Location;

/**
 * A move that a client was told of, as {@link Message.Moving} said.
 *
 * @param move the number that the tombstone carries
 * @param to the new place
 */
public record Told(int move, Location to) {

    /** The bytes that it takes in a message. */
    static final int BYTES = 20;
}
