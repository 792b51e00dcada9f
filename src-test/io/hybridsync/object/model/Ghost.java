package io.hybridsync.object.model;

import org.jspecify.annotations.Nullable;

/** What an object promises, besides that its value is what was written: told by what the cells and the programs see. */
abstract class Ghost {

    final Thing thing;

    Ghost(Thing thing) {
        this.thing = thing;
    }

    /** Whether who waits could take it. */
    abstract boolean isThere(Actor me, int value);

    /** The actor, whose operation waits for it, read a word of it. */
    void looked(Actor me, Look look) {}

    /** The actor's operation, whatever it is, changed the value. */
    void changed(Actor me, int before, int after) {}

    /** The actor is about to sleep on it. */
    void sleeps(Actor me) {}

    /** A client was killed while the word had this value. */
    void killed(ModelClient client, int value) {}

    /** What is wrong with this actor's being asleep, if anything is. */
    @Nullable String missed(Actor me) {
        return null;
    }

    /** The actor waited for it and has it; what is wrong with that. */
    @Nullable String passed(Actor me) {
        return null;
    }

    /** The actor waited for it and has left without anything; what is wrong with that. */
    @Nullable String left(Actor me) {
        return null;
    }
}
