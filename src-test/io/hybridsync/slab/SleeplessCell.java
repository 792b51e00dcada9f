package io.hybridsync.slab;

import java.util.List;

/** A word on which nobody sleeps. */
public abstract class SleeplessCell extends Cell {

    @Override
    public Sleep await(Half half, int expected, Patience patience) {
        throw new AssertionError("nobody sleeps on this word");
    }

    @Override
    public Sleep awaitAny(List<Watch> watches, Patience patience) {
        throw new AssertionError("nobody sleeps on these words");
    }

    @Override
    public int wake(Half half, int count) {
        throw new AssertionError("nobody sleeps on this word");
    }
}
