package io.hybridsync.succession;

/** How much happened in many runs: a simulation in which nothing happens finds nothing. */
final class Chronicle {

    long steps;
    long brokersKilled;

    /** While they took over. */
    long heirsKilled;

    long clientsKilled;
    long sleeps;
    long moves;
    long grants;
    long interrupts;
    long signals;
    long deserters;
    long lost;

    /** Had nothing to lose. */
    long anew;

    long scribbles;
    long letGo;

    @Override
    public String toString() {
        return "steps %d, brokers killed %d, %d of them while they took over, clients killed %d, sleeps %d, moves %d, grants %d, "
                .formatted(steps, brokersKilled, heirsKilled, clientsKilled, sleeps, moves, grants)
                + "interrupts %d, signals %d, deserters %d, lost %d, anew %d, scribbles %d, let go %d"
                        .formatted(interrupts, signals, deserters, lost, anew, scribbles, letGo);
    }
}
