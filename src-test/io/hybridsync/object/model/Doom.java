package io.hybridsync.object.model;

/** Ends a thread of the model wherever it is: its client was killed, or the run is over. */
public final class Doom extends Error {

    private static final long serialVersionUID = 1;

    Doom() {
        super("the thread runs no more", null, false, false);
    }
}
