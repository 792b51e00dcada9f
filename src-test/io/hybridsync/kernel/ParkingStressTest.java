package io.hybridsync.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Virtual and parked threads, and some that sleep in the kernel themselves as those of another process, order a permit
 * at one of a few words and take it there, or whichever comes first of all words (then they give that back and take
 * their own): with and without time-outs, interrupted at random. Each permit is released once, with one wake, so a wake
 * that is lost or swallowed leaves somebody asleep for ever.
 */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class ParkingStressTest {

    private static final int WORDS = 4;
    private static final int TAKERS = 24;
    private static final int NO_MORE = -1;

    private final BlockingQueue<Integer> orders = new LinkedBlockingQueue<>();

    @ParameterizedTest
    @CsvSource({"true, 1500", "false, 30"})
    void everyPermitIsTaken(boolean futexWaitv, int each) throws InterruptedException {
        long seed = ThreadLocalRandom.current().nextLong();
        System.out.println("ParkingStressTest seed " + seed);
        Dispatchers dispatchers = new Dispatchers(new Features(futexWaitv, true, true, true), 1_000_000);
        try (Arena arena = Arena.ofShared()) {
            Words words = new Words(WORDS, arena);
            List<Thread> takers = new ArrayList<>();
            for (int i = 0; i < TAKERS; i++) {
                boolean direct = futexWaitv && i % 6 == 0;
                Taker taker = new Taker(words, dispatchers, direct, new Random(seed + i), each);
                takers.add(i % 3 == 0 ? Thread.ofPlatform().start(taker) : Thread.ofVirtual().start(taker));
            }
            Thread releaser = Thread.ofPlatform().start(() -> release(words, new Random(seed - 1)));
            interruptWhileAlive(takers, new Random(seed - 2));
            orders.add(NO_MORE);
            releaser.join();
            for (int i = 0; i < WORDS; i++) {
                assertThat(words.get(i)).isZero();
            }
        }
        assertThat(dispatchers.words()).isZero();
    }

    private void release(Words words, Random random) {
        for (int word = next(); word != NO_MORE; word = next()) {
            words.release(word);
            if (random.nextInt(20) == 0) {
                LockSupport.parkNanos(random.nextInt(300_000));
            }
        }
    }

    private int next() {
        try {
            return orders.take();
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts the releaser", e);
        }
    }

    private static void interruptWhileAlive(List<Thread> takers, Random random) {
        while (takers.stream().anyMatch(Thread::isAlive)) {
            takers.get(random.nextInt(TAKERS)).interrupt();
            LockSupport.parkNanos(random.nextInt(100_000));
        }
    }

    private final class Taker implements Runnable {

        private final Words words;
        private final Dispatchers dispatchers;
        private final boolean direct;
        private final Random random;
        private final int each;
        private final long[] addresses = new long[WORDS];

        Taker(Words words, Dispatchers dispatchers, boolean direct, Random random, int each) {
            this.words = words;
            this.dispatchers = dispatchers;
            this.direct = direct;
            this.random = random;
            this.each = each;
        }

        @Override
        public void run() {
            for (int i = 0; i < each; i++) {
                int ordered = random.nextInt(WORDS);
                orders.add(ordered);
                if (random.nextInt(4) == 0) {
                    int taken = takeAny(WORDS, 0);
                    if (taken == ordered) {
                        continue;
                    }
                    words.release(taken);
                }
                takeAny(1, ordered);
            }
        }

        private int takeAny(int count, int from) {
            for (;;) {
                for (int i = from; i < from + count; i++) {
                    if (words.tryAcquire(i)) {
                        passOn(count, from, i);
                        return i;
                    }
                }
                await(count, from);
            }
        }

        private void passOn(int count, int from, int taken) {
            for (int i = from; i < from + count; i++) {
                if (i != taken) {
                    words.passOn(i);
                }
            }
        }

        private void await(int count, int from) {
            for (int i = 0; i < count; i++) {
                addresses[i] = words.address(from + i);
            }
            long deadline = random.nextBoolean() ? Long.MAX_VALUE : System.nanoTime() + random.nextInt(300_000);
            boolean interruptible = random.nextBoolean();
            int result = direct
                    ? Sleeper.ofCurrentThread().awaitAny(addresses, new int[count], count, deadline, interruptible)
                    : dispatchers.await(addresses, new int[count], count, deadline, interruptible, this);
            if (result == -Errno.EINTR) {
                assertThat(Thread.interrupted()).isTrue();
            } else if (random.nextInt(10) == 0) {
                Thread.interrupted();
            }
        }
    }
}
