package io.hybridsync.client;

import io.hybridsync.object.Handle;
import io.hybridsync.object.Mutex;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Names;
import io.hybridsync.wire.Spec;
import io.hybridsync.word.Kind;
import java.lang.System.Logger.Level;
import java.util.Optional;

/**
 * One open handle with what the broker said of its object.
 *
 * <p>Thread-safe. Holds nothing of the public shell, so that the shell's cleaner can close it.
 */
public final class Opening {

    private final Client client;
    private final Message.Opened opened;
    private final Residence residence;
    private final Handle handle;
    private final boolean query;

    /** One more handle of the residence. */
    Opening(Client client, Message.Opened opened, Residence residence, boolean query) {
        this.client = client;
        this.opened = opened;
        this.residence = residence;
        this.handle = residence.open(query);
        this.query = query;
    }

    /** The way to the word. */
    public Handle handle() {
        return handle;
    }

    /** The object's name, if it has one. */
    public Optional<String> name() {
        return opened.name().isEmpty() ? Optional.empty() : Optional.of(opened.name());
    }

    /** Upper half of the object's token. */
    public long tokenHigh() {
        return opened.token().high();
    }

    /** Lower half of the object's token. */
    public long tokenLow() {
        return opened.token().low();
    }

    /** Whether this opening created the object. */
    public boolean isCreated() {
        return opened.created();
    }

    /** Whether this handle may only ask. */
    public boolean isQuery() {
        return query;
    }

    /** Whether waiters are served first in, first out. */
    public boolean isFair() {
        return opened.spec().has(Spec.FAIR);
    }

    /** Whether, if it is an event, who passes takes the signal. */
    public boolean isAutoReset() {
        return opened.spec().has(Spec.AUTO_RESET);
    }

    /** The mutex, if it is one. */
    public Mutex mutex() {
        return residence.mutex(handle, opened.spec().has(Spec.ADOPT));
    }

    /**
     * The queue of the mutex's condition without a name.
     *
     * @param mutex from {@link #mutex}
     */
    public SignalQueue condition(Mutex mutex) {
        handle.check();
        return residence.queue(handle, mutex, "");
    }

    /**
     * The queue of the mutex's condition of that name.
     *
     * @param mutex from {@link #mutex}
     * @throws IllegalArgumentException when the name is none
     */
    public SignalQueue condition(Mutex mutex, String name) {
        handle.check();
        return residence.queue(handle, mutex, Names.checkObject(name));
    }

    /** The object's state as the broker sees it now. */
    public Description describe() {
        return client.describe(this);
    }

    /**
     * Closes the handle; a second call does nothing.
     *
     * @return whether it was the client's last handle to a mutex that a thread of the client owned; it is abandoned then
     */
    public boolean close() {
        return client.close(this);
    }

    /** The same on behalf of somebody who does not ask: the log tells. */
    public void abandon() {
        if (close()) {
            Log.write(Level.WARNING, () -> this + " was closed while a thread of this process owned it; it is abandoned");
        }
    }

    /** Whether who creates such a mutex owns it from the start. */
    boolean startsLocked() {
        return opened.spec().kind() == Kind.MUTEX && opened.spec().initialData() == 1;
    }

    boolean isOf(Client other) {
        return client == other;
    }

    Residence residence() {
        return residence;
    }

    long object() {
        return opened.object();
    }

    /** Kind and name. */
    @Override
    public String toString() {
        return Residence.title(opened.spec().kind(), opened.name());
    }
}
