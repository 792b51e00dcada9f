package io.hybridsync.broker;

import io.hybridsync.slab.Slab;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the broker takes for a client, or changes for it, and the client's being told so: one thing, which the death of the
 * broker does not part. {@link Journal} tells how.
 *
 * <p>A word of the broker's own the next one finds where those say that it is who have the object open. After a take-over it is
 * elsewhere; so as long as one of them has not been told that, because it does not read, nothing is done to it: the next broker
 * might hear of the place before only, and of the value that was there.
 */
final class Grants {

    private final Effects effects;
    private final Journal journal;
    private final Storage storage;
    private final IntFunction<@Nullable Session> clients;

    /** Whether the brokers that come later know of the journal. */
    private boolean isNamed;

    /** @param clients the session of a client, null when it has none any more */
    Grants(Effects effects, Journal journal, Storage storage, IntFunction<@Nullable Session> clients) {
        this.effects = effects;
        this.journal = journal;
        this.storage = storage;
        this.clients = clients;
    }

    /** A client keeps the journal from now on. */
    void share(Session session) {
        if (!isNamed) {
            goOnFrom(null);
        }
        effects.keep(session.connection(), Memory.JOURNAL, journal.memory());
    }

    /** Brokers that come later know of the journal, and from which one it goes on: before anything that was there is changed. */
    void goOnFrom(@Nullable Testament last) {
        Slab own = journal.memory();
        Chronicle.Line line = new Chronicle.Line(storage.identity(own), Journal.incarnation(own));
        storage.write(storage.chronicle().with(line, last == null ? null : last.line()));
        isNamed = true;
    }

    /** What brokers before had begun is this one's to remember now. */
    void inherit(Redo redo) {
        redo.keep(journal);
    }

    /** A client that lives is none of this broker's any more: known to whoever comes after it before anything else is done. */
    void expelled(Outcast outcast) {
        journal.outcasts().add(outcast);
    }

    /** Whether a client that is none of this broker's any more may have a slab. */
    boolean mayHave(int client, long slab) {
        return journal.outcasts().mayHave(client, slab);
    }

    /** A client is dead. */
    void died(int client) {
        journal.outcasts().died(client);
    }

    /** Whether it is worth the while to try: a client that does not read what it is told is granted nothing more. */
    boolean hasRoom(Session session) {
        return effects.hasRoom(session.connection());
    }

    /** Whether everybody who has the object open knows where its word is. */
    boolean isPlaced(SharedObject object) {
        for (int client : object.untold().ids()) {
            Session session = clients.apply(client);
            if (session == null || effects.hasRoom(session.connection())) {
                object.setUntold(object.untold().without(client));
            }
        }
        return object.untold().ids().stream().noneMatch(object.holders()::contains);
    }

    /**
     * Tells a client, while the words are locked. After an Error, which ends the broker, nothing here is touched any more, nor
     * are the locks: the next broker finds the promise, whether it was told or not, and keeps it.
     *
     * @return false when it cannot be told now: then nothing is to be done
     */
    boolean promise(
            Session session, Message.Answer reply, List<Journal.Change> changes, List<Journal.Permits> permits) {
        journal.write(new Journal.Entry(session.clientId(), reply.request(), changes, permits, reply));
        try {
            boolean told = effects.tell(session.connection(), reply);
            if (!told) {
                journal.clear();
            }
            return told;
        } catch (RuntimeException e) {
            journal.clear();
            throw e;
        }
    }

    /** The words are as the client was told. */
    void kept() {
        journal.clear();
    }
}
