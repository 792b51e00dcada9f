package io.hybridsync.kernel;

import java.lang.foreign.Arena;
import java.util.concurrent.CountDownLatch;

/** What a child JVM does whose virtual threads have one carrier. */
final class OneCarrier {

    private static final long FOREVER = Long.MAX_VALUE;
    private static final int MANY = 2_000;

    private OneCarrier() {}

    static String run() throws InterruptedException {
        try (Arena arena = Arena.ofShared()) {
            Words words = new Words(2, arena);
            manyAtOneWord(words);
            aHeadThatFindsNoCarrier(words);
        }
        return "all proceeded";
    }

    /** Would stop with the first that pins the carrier. */
    private static void manyAtOneWord(Words words) throws InterruptedException {
        CountDownLatch waiting = new CountDownLatch(MANY);
        CountDownLatch through = new CountDownLatch(MANY);
        for (int i = 0; i < MANY; i++) {
            Thread.ofVirtual().start(() -> {
                waiting.countDown();
                while (!words.tryAcquire(0)) {
                    Parking.await(words.address(0), 0, FOREVER, false, null);
                }
                through.countDown();
            });
        }
        waiting.await();
        for (int i = 0; i < MANY; i++) {
            words.release(0);
        }
        through.await();
    }

    /**
     * A virtual thread is handed the wake and cannot run: the only carrier is busy until the one behind it has gone on,
     * a platform thread.
     */
    private static void aHeadThatFindsNoCarrier(Words words) throws InterruptedException {
        CountDownLatch headGone = new CountDownLatch(1);
        Thread head = Thread.ofVirtual().start(() -> {
            Parking.await(words.address(1), 0, FOREVER, false, null);
            headGone.countDown();
        });
        awaitState(head, Thread.State.WAITING);
        Thread behind = Thread.ofPlatform().start(() -> Parking.await(words.address(1), 0, FOREVER, false, null));
        awaitState(behind, Thread.State.WAITING);
        CountDownLatch busy = new CountDownLatch(1);
        Thread.ofVirtual().start(() -> {
            busy.countDown();
            while (behind.isAlive()) {
                Thread.onSpinWait();
            }
        });
        busy.await();
        words.release(1);
        behind.join();
        headGone.await();
    }

    static void awaitState(Thread thread, Thread.State state) {
        while (thread.getState() != state) {
            Thread.onSpinWait();
        }
    }
}
