package io.hybridsync.app;

import io.hybridsync.HybridSemaphore;

/** What a process of the demo passes on its way into a guarded section: a permit to take, or a mutex to lock. */
interface Gate {

    /** Passes if that is possible now. */
    boolean tryEnter();

    /** Passes as soon as it is possible. */
    void enter() throws InterruptedException;

    /** Comes back. */
    void leave();

    /** One permit of a semaphore. */
    static Gate of(HybridSemaphore semaphore) {
        return new Gate() {
            @Override
            public boolean tryEnter() {
                return semaphore.tryAcquire();
            }

            @Override
            public void enter() throws InterruptedException {
                semaphore.acquire();
            }

            @Override
            public void leave() {
                semaphore.release();
            }
        };
    }
}
