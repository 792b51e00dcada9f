package io.hybridsync.broker;

import io.hybridsync.wire.Code;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Version;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The first words of a connection, until it is a client. What a client of the broker before says instead of Hello is
 * Resume: it has its byte locked already, so that is proof enough.
 */
final class Greetings {

    /** Ends a connection. */
    interface Refusal {
        void refuse(Session session, Code code, String reason);
    }

    private static final String NOT_ALIVE = "it does not hold its lock in the file clients";

    private final Options options;
    private final Effects effects;
    private final Liveness liveness;
    private final Map<Integer, Session> clients;
    private final Set<Integer> outcasts;
    private final ClientIds ids;
    private final Group everybody;
    private final TakeOver takeOver;
    private final Grants grants;
    private final Refusal refusal;
    private final int incarnation;

    /**
     * @param clients by their ids; who is greeted is added
     * @param outcasts who has lost its connection and may live: it takes up memory here as long as it does
     */
    Greetings(
            Options options,
            Effects effects,
            Liveness liveness,
            Map<Integer, Session> clients,
            Set<Integer> outcasts,
            ClientIds ids,
            Group everybody,
            TakeOver takeOver,
            Grants grants,
            Refusal refusal,
            int incarnation) {
        this.options = options;
        this.effects = effects;
        this.liveness = liveness;
        this.clients = clients;
        this.outcasts = outcasts;
        this.ids = ids;
        this.everybody = everybody;
        this.takeOver = takeOver;
        this.grants = grants;
        this.refusal = refusal;
        this.incarnation = incarnation;
    }

    /** A connection says its first message. */
    void receivedByNew(Session session, Message message) {
        if (message instanceof Message.Hello hello) {
            if (isOurs(session, hello.major(), hello.minor())) {
                hello(session, hello);
            }
        } else if (message instanceof Message.Resume resume) {
            if (isOurs(session, resume.major(), resume.minor())) {
                resume(session, resume);
            }
        } else {
            refuse(session, "the first message of a connection has to be Hello");
        }
    }

    private boolean isOurs(Session session, int major, int minor) {
        if (major != Version.MAJOR) {
            refuse(session, otherVersion(major, minor));
        }
        return major == Version.MAJOR;
    }

    private static String otherVersion(int major, int minor) {
        return ("the client speaks version %d.%d of the protocol, the broker %d.%d: let all processes of the domain use"
                        + " one release, and end the broker's last client to replace it")
                .formatted(major, minor, Version.MAJOR, Version.MINOR);
    }

    private void hello(Session session, Message.Hello hello) {
        if (clients.size() + outcasts.size() >= options.clients()) {
            refusal.refuse(session, Code.LIMIT, tooMany());
            return;
        }
        OptionalInt id = ids.next();
        if (id.isPresent()) {
            session.greeted(id.getAsInt());
            welcome(session, hello.minor());
        } else {
            String reason = "no client id is free: a process holds locks on the file clients that are not its own";
            refusal.refuse(session, Code.LIMIT, reason);
        }
    }

    private String tooMany() {
        String all = "the domain has %d clients, its limit".formatted(clients.size() + outcasts.size());
        return outcasts.isEmpty()
                ? all
                : all + ": %d of them have lost their connection and live, end their processes".formatted(outcasts.size());
    }

    private void resume(Session session, Message.Resume resume) {
        int id = resume.clientId();
        if (takeOver.admits(id) && clients.containsKey(id)) {
            refusal.refuse(session, Code.LATE, "client %d is connected already, as far as the broker knows".formatted(id));
            return;
        }
        if (takeOver.admits(id) && !liveness.isHeld(id)) {
            // It may just have died, or be closing its domain.
            refusal.refuse(session, Code.LATE, NOT_ALIVE);
            return;
        }
        if (!takeOver.admits(id)) {
            String reason = takeOver.isUnderWay()
                    ? "client %d is not one of the broker before that may come back".formatted(id)
                    : "this broker has taken over already; what client %d has open is lost".formatted(id);
            refusal.refuse(session, Code.LOST, reason);
            return;
        }
        outcasts.remove(id);
        session.resumed(id);
        takeOver.resumed(id);
        welcome(session, resume.minor());
        becomeClient(session);
    }

    private void welcome(Session session, int minor) {
        clients.put(session.clientId(), session);
        Message.Welcome welcome =
                new Message.Welcome(Version.MAJOR, Version.common(minor), session.clientId(), incarnation);
        effects.send(session.connection(), welcome);
    }

    /** A connection that has been welcomed says its second message. */
    void receivedByGreeted(Session session, Message message) {
        if (!(message instanceof Message.Alive)) {
            refuse(session, "the second message of a connection has to be Alive");
        } else if (!liveness.isHeld(session.clientId())) {
            // It may just have died, or given up.
            refusal.refuse(session, Code.LATE, NOT_ALIVE);
        } else {
            session.provedAlive();
            becomeClient(session);
        }
    }

    /** The journal of the broker before counts until what it says is done: nobody is given another one before that. */
    private void becomeClient(Session session) {
        everybody.setMembers(everybody.memberSet().with(session.clientId()));
        if (!takeOver.isUnderWay()) {
            grants.share(session);
        }
    }

    private void refuse(Session session, String reason) {
        refusal.refuse(session, Code.PROTOCOL, reason);
    }
}
