package io.hybridsync.object.model;

import org.jspecify.annotations.Nullable;

/** A mutex: who is inside, and whether an owner ended of whom nobody has been told. */
final class Section extends Ghost {

    static final int OWNER_DIED = 1 << 30;

    private @Nullable Actor inside;
    private boolean pending;

    Section(Thing thing) {
        super(thing);
    }

    /** Nobody has a reason to sleep on a word that is free or abandoned. */
    @Override
    boolean isThere(Actor me, int value) {
        return value == 0 || value == OWNER_DIED;
    }

    boolean isInside(Actor me) {
        return inside == me;
    }

    /** The actor has locked it, and was told whether it was abandoned; what is wrong with that. */
    @Nullable String enter(Actor me, boolean abandoned) {
        if (inside != null) {
            return "two are inside: " + inside;
        }
        if (abandoned != pending) {
            return abandoned ? "told twice that it was abandoned" : "not told that it was abandoned";
        }
        pending = false;
        inside = me;
        return null;
    }

    /** The actor is about to unlock it. */
    void exit() {
        inside = null;
    }

    /** The actor has ended inside. */
    void abandon() {
        pending = true;
        inside = null;
    }

    @Override
    void killed(ModelClient client, int value) {
        if (value == client.number()) {
            pending = true;
        }
        if (inside != null && inside.client == client) {
            inside = null;
        }
    }
}
