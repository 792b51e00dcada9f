package io.hybridsync.object.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How runs end. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class ScheduleTest {

    private boolean left;

    private static final class Nothing implements Schedule.Environment {
        @Override
        public void happen() {
            // Nothing does.
        }

        @Override
        public boolean quiet() {
            return false;
        }
    }

    private void waitForEver(Schedule schedule) {
        try {
            schedule.await(() -> false);
        } finally {
            left = true;
            complain();
        }
    }

    private static void complain() {
        throw new IllegalStateException("the memory is another's");
    }

    private static Schedule schedule() {
        return new Schedule(new SplittableRandom(1), new Nothing());
    }

    @Test
    void whatThreadsDoOnTheirWayOutIsNoPartOfTheRun() {
        Schedule schedule = schedule();
        schedule.spawn("waiter", () -> waitForEver(schedule));
        assertThat(schedule.run()).isNull();
        assertThat(left).isTrue();
    }

    @Test
    void neitherIsWhatThoseDoWhoWereKilledBefore() {
        Schedule schedule = schedule();
        Actor waiter = schedule.spawn("waiter", () -> waitForEver(schedule));
        schedule.spawn("killer", () -> {
            schedule.await(() -> waiter.state == Actor.State.BLOCKED);
            waiter.die();
        });
        assertThat(schedule.run()).isNull();
        assertThat(left).isTrue();
    }

    @Test
    void whatTheyDoBeforeIs() {
        Schedule schedule = schedule();
        schedule.spawn("guilty", ScheduleTest::complain);
        assertThat(schedule.run()).contains("the memory is another's").contains("guilty");
    }
}
