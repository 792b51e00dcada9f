package io.hybridsync.conformance;

import java.util.concurrent.CompletableFuture;

/** One client of the domain with its threads, in this process or in another. */
interface Party {

    /** What it can be asked for. */
    enum Verb {
        /** Answer a command of {@link Commands}. */
        RUN,
        /** Answer a command for which it does not matter who asks, and which does not wait. */
        LOOK,
        /** Whether the performer waits for an object at this moment. */
        WAITS,
        /** Interrupt the performer. */
        INTERRUPT,
        /** End the performer's thread; answered when it has ended. */
        END,
        /** Close all handles whose names begin like that, and end the performers of that prefix. */
        DISMISS,
        /** Close the domain. */
        LEAVE,
        /** What the performers of that prefix are doing. */
        STACKS,
        /** The id of the client, and of the process. */
        IDENTITY
    }

    /**
     * Asks.
     *
     * @param performer the thread that does it, made when it is first named; of some verbs, what the names begin with
     * @param command of RUN and LOOK
     */
    CompletableFuture<String> ask(Verb verb, String performer, String command);
}
