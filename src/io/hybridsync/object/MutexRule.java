package io.hybridsync.object;

import io.hybridsync.slab.Cell;

/**
 * A mutex: the value is the id of the client that owns it, 0 when it is free, or {@link #OWNER_DIED} alone when it is
 * abandoned. The argument of every rule is the id of the client that applies it.
 *
 * <pre>
 *   value        | is         | LOCK       ADOPT      RECOVER    UNLOCK     ABANDON
 *   -------------+------------+----------------------------------------------------
 *   0            | free       | id         id         -          -          -
 *   id           | owned      | -          -          -          0          OWNER_DIED
 *   another id   | owned      | -          -          -          -          -
 *   OWNER_DIED   | abandoned  | -, ends    id         id         -          -
 * </pre>
 *
 * Which thread of a client owns it, and how often, is private to the client: {@link Ownership}.
 */
public enum MutexRule implements Rule {

    /** Owns it if it is free. A wait ends when it is abandoned. */
    LOCK(1) {
        @Override
        public int next(int value, int client, int maximum) {
            return value == 0 ? client : REFUSED;
        }

        @Override
        public boolean endsWait(int value) {
            return value == OWNER_DIED;
        }

        @Override
        public Rule undo(boolean ignored) {
            return UNLOCK;
        }
    },

    /** Owns it if it is free or abandoned. */
    ADOPT(2) {
        @Override
        public int next(int value, int client, int maximum) {
            return value == 0 || value == OWNER_DIED ? client : REFUSED;
        }

        @Override
        public Rule undo(boolean abandoned) {
            return abandoned ? ABANDON : UNLOCK;
        }
    },

    /** Owns it if it is abandoned. */
    RECOVER(3) {
        @Override
        public int next(int value, int client, int maximum) {
            return value == OWNER_DIED ? client : REFUSED;
        }

        @Override
        public Rule undo(boolean ignored) {
            return ABANDON;
        }
    },

    /** Frees it if this client owns it. */
    UNLOCK(4) {
        @Override
        public int next(int value, int client, int maximum) {
            return value == client ? 0 : REFUSED;
        }

        @Override
        public boolean signals() {
            return true;
        }

        @Override
        public int wakes(int client, int maximum) {
            return 1;
        }
    },

    /** The client that owns it, or its thread, has ended without freeing it. All wake up: under LOCK none may wait now. */
    ABANDON(5) {
        @Override
        public int next(int value, int client, int maximum) {
            return value == client ? OWNER_DIED : REFUSED;
        }

        @Override
        public boolean signals() {
            return true;
        }

        @Override
        public int wakes(int client, int maximum) {
            return Cell.ALL;
        }

        @Override
        public boolean mayClearWaiters() {
            return false;
        }
    };

    /** The value of an abandoned mutex. */
    public static final int OWNER_DIED = 1 << 30;

    private final int code;

    MutexRule(int code) {
        this.code = code;
    }

    @Override
    public int code() {
        return code;
    }

    /** The client that owns a mutex with this value; 0 for none. */
    public static int owner(int value) {
        return value & (OWNER_DIED - 1);
    }

    /** What locks a mutex: adopting what was abandoned, or not. */
    public static MutexRule locking(boolean adopting) {
        return adopting ? ADOPT : LOCK;
    }
}
