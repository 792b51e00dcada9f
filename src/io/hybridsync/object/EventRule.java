package io.hybridsync.object;

import io.hybridsync.slab.Cell;
import io.hybridsync.word.Word;

/**
 * An event: whether it is signaled, and how often those who waited have been let go.
 *
 * <pre>
 *   30                                            2   1   0
 *  +-----------------------------------------------+---+---+
 *  |                generation:29                  | T | S |
 *  +-----------------------------------------------+---+---+
 * </pre>
 *
 * S is SIGNALED. The generation steps with every pulse, and with every set of an unsignaled manual-reset event: who waits
 * keeps the generation of his first look that found nothing, and passes when it is another one, so that a signal that is
 * taken back at once releases everybody who waited for it and nobody who came later. T is TOKEN, of auto-reset events only:
 * a pulse that nobody has taken. It is taken before a signal is, or the signal would be used up and the pulse too. It is
 * never counted: two pulses that nobody came between to take are one.
 *
 * <p>The argument of the rules that wait is that generation, or {@link #NOT_WAITING}. Only who looks 2^29 steps apart, or
 * an exact multiple of them, misses them all; it never lets anybody pass who must not.
 */
public enum EventRule implements Rule {

    /** Signals a manual-reset event. */
    SET_MANUAL(1) {
        @Override
        public int next(int value, int ignored, int maximum) {
            return (value & SIGNALED) != 0 ? value : step(value) | SIGNALED;
        }

        @Override
        public boolean signals() {
            return true;
        }

        @Override
        public int wakes(int argument, int maximum) {
            return Cell.ALL;
        }
    },

    /** Signals an auto-reset event. */
    SET_AUTO(2) {
        @Override
        public int next(int value, int ignored, int maximum) {
            return value | SIGNALED;
        }

        @Override
        public boolean signals() {
            return true;
        }

        @Override
        public int wakes(int argument, int maximum) {
            return 1;
        }
    },

    /** Takes a signal back; leaves those alone who were let go before. */
    RESET(3) {
        @Override
        public int next(int value, int ignored, int maximum) {
            return value & ~SIGNALED;
        }
    },

    /** Lets everybody go who waits at a manual-reset event; it is not signaled then. */
    PULSE_MANUAL(4) {
        @Override
        public int next(int value, int ignored, int maximum) {
            return step(value) & ~SIGNALED;
        }

        @Override
        public boolean signals() {
            return true;
        }

        @Override
        public int wakes(int argument, int maximum) {
            return Cell.ALL;
        }

        @Override
        public boolean mayClearWaiters() {
            return false;
        }
    },

    /** Lets one of those go who wait at an auto-reset event; all look who it is. */
    PULSE_AUTO(5) {
        @Override
        public int next(int value, int ignored, int maximum) {
            return (step(value) & ~SIGNALED) | TOKEN;
        }

        @Override
        public boolean signals() {
            return true;
        }

        @Override
        public int wakes(int argument, int maximum) {
            return Cell.ALL;
        }

        @Override
        public boolean mayClearWaiters() {
            return false;
        }
    },

    /** Passes a manual-reset event. */
    AWAIT_MANUAL(6) {
        @Override
        public int next(int value, int since, int maximum) {
            return (value & SIGNALED) != 0 || wasLetGo(value, since) ? value : REFUSED;
        }

        @Override
        public int waitingSince(int value, int since) {
            return since == NOT_WAITING ? generation(value) : since;
        }
    },

    /** Takes the pulse or the signal of an auto-reset event. */
    AWAIT_AUTO(7) {
        @Override
        public int next(int value, int since, int maximum) {
            if ((value & TOKEN) != 0 && wasLetGo(value, since)) {
                return value & ~TOKEN;
            }
            return (value & SIGNALED) != 0 ? value & ~SIGNALED : REFUSED;
        }

        @Override
        public Rule undo(boolean ignored) {
            return SET_AUTO;
        }

        @Override
        public int waitingSince(int value, int since) {
            return since == NOT_WAITING ? generation(value) : since;
        }
    };

    /** Value bit: who comes passes. */
    public static final int SIGNALED = 1;

    /** The argument of a rule that waits, as long as it has not been refused. */
    public static final int NOT_WAITING = -1;

    private static final int TOKEN = 2;
    private static final int GENERATION_SHIFT = 2;
    private static final int STEP = 1 << GENERATION_SHIFT;

    private final int code;

    EventRule(int code) {
        this.code = code;
    }

    @Override
    public int code() {
        return code;
    }

    /** How often those who waited had been let go, modulo 2^29. */
    public static int generation(int value) {
        return value >>> GENERATION_SHIFT;
    }

    /** Whether no pulse is left to be taken; a manual-reset event never has one. */
    static boolean hasNoToken(int value) {
        return (value & TOKEN) == 0;
    }

    /** What signals an event. */
    public static EventRule setting(boolean autoReset) {
        return autoReset ? SET_AUTO : SET_MANUAL;
    }

    /** What lets go those who wait at an event. */
    public static EventRule pulsing(boolean autoReset) {
        return autoReset ? PULSE_AUTO : PULSE_MANUAL;
    }

    /** What passes an event. */
    public static EventRule awaiting(boolean autoReset) {
        return autoReset ? AWAIT_AUTO : AWAIT_MANUAL;
    }

    private static int step(int value) {
        return (value + STEP) & Word.VALUE;
    }

    private static boolean wasLetGo(int value, int since) {
        return since != NOT_WAITING && generation(value) != since;
    }
}
