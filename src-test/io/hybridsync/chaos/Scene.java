package io.hybridsync.chaos;

import io.hybridsync.SyncDomain;

/**
 * An operation in a situation, during which a process is killed. One side of it is played by the process that dies, the other
 * by those who live, and who say in the end whether all is right.
 */
interface Scene {

    /** What it is called; no blanks. */
    String name();

    /** What kind of thread performs the operation, in the process that dies. */
    Actor actor();

    /** A kind of thread. */
    enum Actor {
        /** It sleeps in the kernel. */
        DIRECT,
        /** It parks, and others sleep for it. */
        PARKED,
        /** It is a virtual one. */
        VIRTUAL
    }

    /**
     * In the process that dies: opens what it needs, and returns the operation.
     *
     * @param prefix of the names of all objects of this performance
     */
    Operation rehearse(SyncDomain domain, String prefix) throws Exception;

    /** What the process does that dies meanwhile. */
    @FunctionalInterface
    interface Operation {

        /** Does it. */
        void run() throws Exception;
    }

    /** In those who live: makes the objects. */
    Play open(Stage stage);

    /** What those who live do. */
    interface Play {

        /** The victim has opened what it needs, and has not begun. */
        default void begin() throws Exception {}

        /** It sleeps, or waits for an answer of the broker, or has done already what it was to do; not called if it is dead. */
        default void prompt() throws Exception {}

        /** The victim is dead, or has done what it was to do; of those who live nobody has asked the broker anything since. */
        default void await() throws Exception {}

        /**
         * The victim is dead, and the broker knows.
         *
         * @param death what is known of that
         */
        void judge(Death death) throws Exception;
    }
}
