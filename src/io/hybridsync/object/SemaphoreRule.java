package io.hybridsync.object;

import io.hybridsync.slab.Cell;

/** A semaphore: the value is the permits that are there. */
public enum SemaphoreRule implements Rule {

    /** Takes that many permits if they are all there. */
    ACQUIRE(1) {
        @Override
        public int next(int permits, int wanted, int maximum) {
            return permits >= wanted ? permits - wanted : REFUSED;
        }

        @Override
        public Rule undo(boolean ignored) {
            return RELEASE;
        }
    },

    /** Takes all permits, at least one. */
    DRAIN(2) {
        @Override
        public int next(int permits, int ignored, int maximum) {
            return permits > 0 ? 0 : REFUSED;
        }
    },

    /** Adds that many permits unless the sum is over the maximum. */
    RELEASE(3) {
        @Override
        public int next(int permits, int released, int maximum) {
            return permits <= maximum - released ? permits + released : REFUSED;
        }

        @Override
        public boolean signals() {
            return true;
        }

        // Where somebody may wait for more than one permit, a wake that reaches him is lost to who waits for one.
        @Override
        public int wakes(int released, int maximum) {
            return maximum > 1 ? Cell.ALL : released;
        }
    };

    private final int code;

    SemaphoreRule(int code) {
        this.code = code;
    }

    @Override
    public int code() {
        return code;
    }
}
