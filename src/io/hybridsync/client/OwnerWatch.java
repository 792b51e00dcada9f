package io.hybridsync.client;

import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.object.MutexRule;
import io.hybridsync.object.Ownership;
import io.hybridsync.object.Portion;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Notices that a thread of this client has ended which owned a mutex, and has the word say so. Who looks, and how often, is
 * the connection's thread's affair; the word is marked aside, for that may need the broker. As long as the broker, or what
 * this process lacks, keeps it from being done it is tried again.
 */
final class OwnerWatch {

    private final Portion portion;
    private final Ownership ownership;
    private final int client;
    private final Correspondence connection;
    private final AtomicBoolean marking = new AtomicBoolean();

    /** A thread ended that owned the mutex, and the word does not say so yet. */
    private volatile boolean orphaned;

    /**
     * @param client whose threads they are
     * @param connection has it done aside
     */
    OwnerWatch(Portion portion, Ownership ownership, int client, Correspondence connection) {
        this.portion = portion;
        this.ownership = ownership;
        this.client = client;
        this.connection = connection;
    }

    /** By the connection's thread: if a thread has ended that owned it, the word will be marked. */
    void look() {
        if (ownership.takeFromDead()) {
            Log.write(Level.WARNING, () -> "a thread ended while it owned " + portion.title() + "; it is abandoned");
            orphaned = true;
        }
        if (orphaned && marking.compareAndSet(false, true)) {
            connection.aside("abandoning " + portion.title(), this::mark, () -> marking.set(false));
        }
    }

    private void mark() {
        orphaned = false;
        try {
            if (!ownership.isHeld()) {
                portion.giveBack(MutexRule.ABANDON, client);
            }
        } catch (BrokerUnavailableException e) {
            // What the broker was asked for and has not answered it does when it goes on, or the next one: to ask for it twice
            // would take the mutex from whoever owns it then.
            orphaned = !portion.isAtBroker();
            throw e;
        } catch (VirtualMachineError e) {
            orphaned = true;
            throw e;
        }
    }
}
