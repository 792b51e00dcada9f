package io.hybridsync.client;

import io.hybridsync.object.Handle;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Spec;
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

    /** The object's state as the broker sees it now. */
    public Description describe() {
        return client.describe(this);
    }

    /** Closes the handle; a second call does nothing. */
    public void close() {
        client.close(this);
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
