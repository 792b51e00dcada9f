package io.hybridsync.object;

/**
 * What a wait for several objects came to.
 *
 * @param ending how it ended
 * @param index the object that was taken, or ended the wait; all of them: 0, or the lowest that was abandoned; otherwise -1
 */
public record Result(Ending ending, int index) {

    static final Result TIMED_OUT = new Result(Ending.TIMED_OUT, -1);
}
