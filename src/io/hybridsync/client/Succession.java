package io.hybridsync.client;

import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.error.SyncException;
import io.hybridsync.wire.DomainDirectory;
import java.lang.System.Logger.Level;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * From the end of one broker to the service of the next. What the threads of the process notice of it: nothing, if they
 * operate on memory or sleep in the kernel; whoever waits for the broker waits a little longer.
 *
 * <pre>
 *   SERVED    requests are answered
 *     |       the connection ends. Everything that the broker has sent is read to the end first, replies too:
 *     |       so what it has granted is known here, and is not granted again by the next one
 *   ALONE     nothing is sent. Requests wait in their list, their time runs. Objects are looked after as always.
 *     |       The connection's thread looks for the next broker, or starts it, and says who this client is: Resume,
 *     |       Welcome. It needs no other thread for that: there may be none to be had
 *   HEIR      the {@link Estate} is handed over, then every request that was not answered is asked again, as it was
 *     |       asked first; then what was asked meanwhile. The broker says which objects are elsewhere: Located
 *   SERVED    TakenOver
 * </pre>
 *
 * <p>That broker may end too, at any point: then all of it begins anew at the first arrow, and what it has said by then is read
 * and counts. A request that the broker before has carried out without having answered is not done twice: the broker keeps in
 * its journal what it did last. Only the signal of a condition may come twice, which waiters have to expect anyway.
 *
 * <p>What closes something is not waited for unless the client is served: whatever is not handed over is closed.
 *
 * <p>The sign of life is shown all the time ({@link Identity}): a client without a broker is not dead. When somebody deletes the
 * file the broker makes another, and says so. Should it end before that, each client shows itself where there are directories of
 * the domain as soon as it is alone, which is long before the next broker has begun and looks who lives.
 *
 * <p>A broker that refuses this client, because it came too late or was expelled, moves its objects away from it. Then
 * everything that it has open is lost for good, and so it is when the two do not understand each other. Who came too late with
 * nothing open, and waits for nothing that may have been granted, has nothing to lose ({@link Estate#letGo}):
 *
 * <pre>
 *   ALONE     LOST to Resume: what is left of the client before is let go of, then its byte, so that it is dead
 *     |       when it cannot write any more. Hello, Welcome, Alive: a new client, perhaps by the same id
 *   SERVED    every request that was not answered is asked as it was asked first; nothing is handed over
 *   HEIR      LOST after Welcome, while the broker takes over: the same, from ALONE on
 * </pre>
 */
final class Succession {

    private final Connector connector;
    private final String domain;

    /** Whether there is a broker that answers. */
    private volatile boolean served = true;

    /** How long to wait before the next broker is looked for; confined to the connection's thread. */
    private long pauseNanos;

    /** Why the next broker has not been found yet. */
    private volatile String trouble = "";

    Succession(Connector connector, String domain) {
        this.connector = connector;
        this.domain = domain;
    }

    /** Whether requests are answered now: a broker is there and has taken over. */
    boolean isServed() {
        return served;
    }

    /** The connection has ended. A broker that ended before it had taken over is not followed up at once. */
    void alone() {
        pauseNanos = served ? 0 : Connector.longerPause(pauseNanos);
        trouble = "none was looked for yet";
        served = false;
    }

    /** A broker has taken over. */
    void served() {
        served = true;
    }

    /** What is thrown where an answer was waited for too long. */
    BrokerUnavailableException late(long millis) {
        return new BrokerUnavailableException(served
                ? "the broker of domain \"%s\" did not answer within %d ms; is it stopped?".formatted(domain, millis)
                : ("the broker of domain \"%s\" has ended, and within %d ms no other had taken over: %s. What was asked may"
                                + " have been done. Objects that are open go on working.")
                        .formatted(domain, millis, trouble));
    }

    /**
     * The next broker, however long it takes to find it.
     *
     * @param before where the last one was
     * @param tend looks after the objects meanwhile, and says when to do so again
     * @param anew what is done when this client came too late: whether it {@link #startAnew}
     * @return null after {@link #giveUp}
     * @throws SyncException when this client has lost what it had
     */
    @Nullable Contact await(DomainDirectory before, LongSupplier tend, BooleanSupplier anew) {
        try {
            for (;;) {
                try {
                    return connector.findNext(before, pauseNanos, tend, why -> trouble = why);
                } catch (Refusal e) {
                    if (!e.isLate() || !anew.getAsBoolean()) {
                        throw new BrokerUnavailableException(
                                "the next broker does not take this client over: " + e.reason().getMessage(), e.reason());
                    }
                }
            }
        } finally {
            trouble = "it has not taken over yet";
        }
    }

    /** Nothing of the client before is left here: the next broker is greeted by a new one. */
    void startAnew() {
        connector.forget();
    }

    /** The file that shows that this client lives was deleted, and there is another. */
    void showAgain() {
        try {
            connector.show();
        } catch (SyncException e) {
            Log.write(Level.WARNING, () -> "the domain's next broker may take this process for dead: " + e.getMessage());
        }
    }

    /** Nobody wants another broker: the search ends soon, if there is one. */
    void giveUp() {
        connector.giveUp();
    }
}
