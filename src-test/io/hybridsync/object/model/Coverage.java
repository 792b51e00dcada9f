package io.hybridsync.object.model;

/** How much happened in many runs: a model in which nothing happens finds nothing. */
final class Coverage {

    long steps;
    long sleeps;
    long moves;
    long returns;
    long kills;
    long interrupts;
    long timeouts;
    long condemnations;
    long grants;
    long rollbacks;
    long settlements;
    long unsettled;

    void add(int runSteps, Fate fate) {
        steps += runSteps;
        sleeps += fate.sleeps;
        moves += fate.moves;
        returns += fate.returns;
        kills += fate.kills;
        interrupts += fate.interrupts;
        timeouts += fate.timeouts;
        condemnations += fate.condemnations;
        grants += fate.grants;
        rollbacks += fate.rollbacks;
        settlements += fate.settlements;
        unsettled += fate.unsettled;
    }

    @Override
    public String toString() {
        return ("steps %d, sleeps %d, moves %d, back %d, kills %d, interrupts %d, time-outs %d, condemnations %d, transactions %d, taken back %d,"
                + " settlements %d, tried in vain %d")
                .formatted(
                        steps, sleeps, moves, returns, kills, interrupts, timeouts, condemnations, grants, rollbacks,
                        settlements, unsettled);
    }
}
