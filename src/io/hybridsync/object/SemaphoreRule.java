package io.hybridsync.object;

/** A semaphore: the value is the permits that are there. */
public enum SemaphoreRule implements Rule {

    /** Takes that many permits if they are all there. */
    ACQUIRE {
        @Override
        public int next(int permits, int wanted, int maximum) {
            return permits >= wanted ? permits - wanted : REFUSED;
        }
    },

    /** Takes all permits, at least one. */
    DRAIN {
        @Override
        public int next(int permits, int ignored, int maximum) {
            return permits > 0 ? 0 : REFUSED;
        }
    },

    /** Adds that many permits unless the sum is over the maximum. */
    RELEASE {
        @Override
        public int next(int permits, int released, int maximum) {
            return permits <= maximum - released ? permits + released : REFUSED;
        }

        @Override
        public boolean signals() {
            return true;
        }
    };

    @Override
    public boolean signals() {
        return false;
    }
}
