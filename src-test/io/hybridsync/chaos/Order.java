package io.hybridsync.chaos;

import java.util.Locale;

/**
 * Which point of an operation is to be a process's last.
 *
 * @param whose whose accesses are counted
 * @param number of the access since the operation began, from 1
 * @param side of the access
 * @param signal what the process sends itself there
 */
record Order(Whose whose, int number, Side side, int signal) {

    /** The death that no process sees coming. */
    static final int SIGKILL = 9;

    /** The process stands still until it is told to go on. */
    static final int SIGSTOP = 19;

    /** The order to go on unharmed. */
    static final Order NONE = new Order(Whose.OWN, 0, Side.BEFORE, 0);

    /** Whose accesses are counted. */
    enum Whose {
        /** Those of the thread that performs the operation. */
        OWN,
        /** Those of all other threads of its process meanwhile: of the connection, of dispatchers. */
        OTHERS
    }

    /** When a process dies: the access is the first thing that it did not do, or the last thing that it did. */
    enum Side {
        BEFORE,
        AFTER
    }

    /** Reads what {@link #toString} has written. */
    static Order parse(String text) {
        String[] parts = text.split(":", -1);
        return new Order(
                Whose.valueOf(parts[0]), Integer.parseInt(parts[1]), Side.valueOf(parts[2]), Integer.parseInt(parts[3]));
    }

    /** Whether this is the point. */
    boolean isAt(Whose whose, int number, Side side) {
        return this.whose == whose && this.number == number && this.side == side;
    }

    /** The same point, but the process is only stopped there. */
    Order stopping() {
        return new Order(whose, number, side, SIGSTOP);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s:%d:%s:%d", whose, number, side, signal);
    }
}
