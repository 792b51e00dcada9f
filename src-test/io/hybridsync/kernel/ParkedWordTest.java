package io.hybridsync.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** To how many a wake is handed, step by step, without a thread. */
class ParkedWordTest {

    private final Arena arena = Arena.ofShared();
    private final Words words = new Words(1, arena);
    private final Dispatchers dispatchers = new Dispatchers(new Features(true, true, true, true), 1);
    private final Dispatcher dispatcher = new Dispatcher(dispatchers, new Guard(), 1);
    private final ParkedWord word = dispatcher.add(words.address(0), 0);
    private final List<ParkedWaiter> waiters = new ArrayList<>();
    private long now = System.nanoTime();

    @AfterEach
    void free() {
        arena.close();
    }

    private boolean join(int value) {
        ParkedWaiter waiter = new ParkedWaiter(1);
        waiters.add(waiter);
        return word.join(waiter.tickets()[0], value);
    }

    private void join(int value, int count) {
        for (int i = 0; i < count; i++) {
            join(value);
        }
    }

    private int handedTo(boolean wokenByKernel) {
        long before = woken();
        word.handOff(wokenByKernel, now, dispatcher);
        return (int) (woken() - before);
    }

    private long woken() {
        return waiters.stream().filter(ParkedWaiter::isWoken).count();
    }

    private void allRun() {
        waiters.stream().filter(ParkedWaiter::isWoken).forEach(waiter -> waiter.tickets()[0].leave());
    }

    @Test
    void aDispatcherIsToldOfWhatItWouldNotNotice() {
        assertThat(join(0)).as("a word that nobody waited for").isTrue();
        assertThat(join(0)).as("one more").isFalse();
        assertThat(join(1)).as("another value").isTrue();
        waiters.forEach(waiter -> waiter.tickets()[0].leave());
        word.armed = true;
        assertThat(join(1)).as("it sleeps on it").isFalse();
    }

    @Test
    void twiceAsManyAsLongAsTheWordIsDifferent() {
        join(0, 20);
        assertThat(handedTo(false)).as("as expected").isZero();
        words.add(0, 1);
        for (int round : new int[] {1, 2, 4, 8, 5}) {
            assertThat(handedTo(false)).isEqualTo(round);
            assertThat(word.isBusy(now)).isTrue();
            allRun();
            assertThat(word.isBusy(now)).isFalse();
        }
        assertThat(word.isUnused()).isTrue();
    }

    @Test
    void oneAgainWhenItWasSeenToBeAsExpected() {
        join(0, 20);
        words.add(0, 1);
        assertThat(handedTo(false)).isEqualTo(1);
        allRun();
        assertThat(handedTo(false)).isEqualTo(2);
        allRun();
        join(0);
        assertThat(handedTo(false)).as("somebody joined").isEqualTo(1);
        allRun();
        assertThat(handedTo(false)).isEqualTo(2);
        allRun();
        word.matched();
        assertThat(handedTo(false)).as("the dispatcher slept").isEqualTo(1);
    }

    @Test
    void aWakeIsHandedOverWhateverTheValueIs() {
        join(0, 3);
        assertThat(handedTo(true)).isEqualTo(1);
        assertThat(waiters.getFirst().isWoken()).isTrue();
    }

    @Test
    void whoDoesNotRunIsWaitedForAMomentAndThenOneMoreGoes() {
        join(0, 20);
        words.add(0, 1);
        for (int i = 0; i < 4; i++) {
            assertThat(handedTo(false)).isEqualTo(1);
            assertThat(word.isBusy(now)).isTrue();
            now = word.patienceEnds();
            assertThat(word.isBusy(now)).isFalse();
        }
    }

    @Test
    void theStaleAreToldAndNobodyElse() {
        join(0, 20);
        words.add(0, 1);
        join(1, 2);
        assertThat(handedTo(false)).isEqualTo(16);
        allRun();
        assertThat(handedTo(false)).isEqualTo(4);
        allRun();
        assertThat(handedTo(false)).isZero();
        assertThat(word.isEmpty()).isFalse();
    }

    @Test
    void whoGivesUpIsOutOfTheQueueAndWhoWasHandedTheWakeMakesItDue() {
        join(0, 3);
        waiters.get(1).tickets()[0].leave();
        words.add(0, 1);
        assertThat(handedTo(false)).isEqualTo(1);
        assertThat(word.isDue()).isFalse();
        waiters.get(0).tickets()[0].leave();
        assertThat(word.isDue()).isTrue();
        assertThat(handedTo(false)).isEqualTo(1);
        assertThat(waiters.get(1).isWoken()).isFalse();
        assertThat(waiters.get(2).isWoken()).isTrue();
    }
}
