package io.hybridsync.object.model;

/** One operation of a thread, and whether what it is told fits what its compare-and-sets did. */
abstract class Act {

    /** What the cells should know of the operation before it begins. */
    abstract void announce(Program program, Footprint footprint);

    /** Does it, and tells the program what it did. */
    abstract void perform(Program program) throws InterruptedException;
}
