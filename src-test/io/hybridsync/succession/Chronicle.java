package io.hybridsync.succession;

/** How much happened in many runs. */
final class Chronicle {

    long steps;
    long brokers;
    long deaths;

    void add(int runSteps, int incarnations, int clients, Fate fate) {
        steps += runSteps;
        brokers += incarnations - 1;
        deaths += clients;
    }

    @Override
    public String toString() {
        return "steps %d, brokers killed %d, clients killed %d".formatted(steps, brokers, deaths);
    }
}
