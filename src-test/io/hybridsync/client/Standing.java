package io.hybridsync.client;

import io.hybridsync.slab.Cell;
import io.hybridsync.slab.Patience;
import io.hybridsync.slab.Sleep;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.WaitOutcome;

/** A wait at the broker in the simulation: as {@link BrokerWait}, where a thread waits by the schedule. */
final class Standing implements Correspondence.Vigil {

    private final Household household;
    private final Request asked;

    Standing(Household household, Request asked) {
        this.household = household;
        this.asked = asked;
    }

    @Override
    public Request request() {
        return asked;
    }

    @Override
    public void begin() {
        household.begin(asked);
    }

    @Override
    public boolean isGivenUp() {
        return asked.isGivenUp();
    }

    @Override
    public void checkAccepted() {
        if (asked.answer().isDone()) {
            Message.Awaited _ = answer();
        }
    }

    @Override
    public void abandon() {
        household.withdraw(asked);
    }

    @Override
    public Message.Awaited await(Patience patience) throws InterruptedException {
        Sleep latest = sleep(patience);
        if (latest != Sleep.CHANGED) {
            household.withdraw(asked);
            household.ground().await(asked.answer()::isDone);
        }
        Message.Awaited awaited = answer();
        if (latest == Sleep.INTERRUPTED && awaited.outcome() == WaitOutcome.WITHDRAWN) {
            throw new InterruptedException("while waiting at the broker");
        }
        return awaited;
    }

    /** CHANGED when it is answered. */
    private Sleep sleep(Patience patience) {
        if (patience.deadlineNanos() == Cell.FOREVER) {
            household.ground().await(asked.answer()::isDone);
            return Sleep.CHANGED;
        }
        return patience.deadlineNanos() == Ground.PAST
                ? Sleep.TIMED_OUT
                : household.ground().awaitInTime(asked.answer()::isDone, patience.interruptible());
    }

    private Message.Awaited answer() {
        return Connection.cast(household.answer(asked), Message.Awaited.class);
    }
}
