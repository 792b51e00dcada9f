package io.hybridsync.broker;

import io.hybridsync.object.EventRule;
import io.hybridsync.object.Rule;
import io.hybridsync.wire.Spec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A wait at the broker, from the request to its one answer. */
final class PendingWait implements Pending {

    /** One object that it waits for. */
    static final class Part {
        final PendingWait wait;
        final int index;
        final SharedObject object;
        final Rule rule;
        private final int first;
        private int argument;

        private Part(PendingWait wait, int index, Wish wish) {
            this.wait = wait;
            this.index = index;
            this.object = wish.object();
            this.rule = wish.rule();
            boolean oneOfAll = wait.all && index != NOWHERE;
            this.first = oneOfAll && rule instanceof EventRule ? EventRule.NOT_WAITING : wish.argument();
            this.argument = first;
        }

        int argument() {
            return argument;
        }

        /** A look has found this value, which the rule refuses: from now on it waits here. */
        void refusedAt(int value) {
            argument = rule.waitingSince(value, argument);
        }

        /** Whether something may come of trying, at this value. */
        boolean isWorthTrying(int value) {
            return rule.next(value, argument, object.spec().maximum()) != Rule.REFUSED || rule.endsWait(value);
        }
    }

    /** An object with a rule that has been checked. */
    record Wish(SharedObject object, Rule rule, int argument) {}

    private static final int NOWHERE = -1;

    private final Session session;
    private final int request;
    private final boolean all;
    private final long ticket;
    private final List<Part> parts = new ArrayList<>();
    private final @Nullable Part alert;
    private int at = NOWHERE;
    private boolean queued;
    private boolean over;

    /**
     * @param ticket greater than those of the waits that came before it
     * @param all whether it takes all of the objects at once, or any of them
     */
    PendingWait(Session session, int request, long ticket, boolean all, List<Wish> wishes, @Nullable Wish alert) {
        this.session = session;
        this.request = request;
        this.ticket = ticket;
        this.all = all && wishes.size() > 1;
        for (Wish wish : wishes) {
            parts.add(new Part(this, parts.size(), wish));
        }
        this.alert = alert == null ? null : new Part(this, NOWHERE, alert);
    }

    @Override
    public Session session() {
        return session;
    }

    @Override
    public int request() {
        return request;
    }

    @Override
    public List<SharedObject> objects() {
        List<SharedObject> objects = new ArrayList<>();
        parts.forEach(part -> objects.add(part.object));
        if (alert != null) {
            objects.add(alert.object);
        }
        return objects;
    }

    @Override
    public long bytes() {
        return Budget.ofWait(parts.size() + (alert == null ? 0 : 1));
    }

    /** Its place among all waits. */
    long ticket() {
        return ticket;
    }

    /** Whether it takes several objects at once. */
    boolean isAll() {
        return all;
    }

    /** Whether it is for one object alone: these come to fair objects strictly in turn. */
    boolean isSingle() {
        return parts.size() == 1;
    }

    /** Whether its place among all waits counts for one of its objects. */
    boolean isInTurn() {
        return parts.stream().anyMatch(part -> part.object.isFair());
    }

    /** Whether others have to let it go first at this object while it waits. */
    boolean blocks(SharedObject object) {
        return isSingle() && object.spec().has(Spec.FAIR) && parts.getFirst().object == object;
    }

    List<Part> parts() {
        return parts;
    }

    @Nullable Part alert() {
        return alert;
    }

    /** Of all-of-many: the part at which it is subscribed, the first that was not signaled at the last look; or null. */
    @Nullable Part subscribed() {
        return at == NOWHERE ? null : parts.get(at);
    }

    /**
     * All-of-many: it is subscribed at this part now. A pulse counts only since then, and only for this part: the others
     * wait for nothing yet, or have to be signaled when the broker looks.
     */
    void subscribe(int index) {
        Part before = subscribed();
        if (before != null && at != index) {
            before.argument = before.first;
        }
        at = index;
    }

    /** Whether it is where it waits for as long as it is pending: at the alert and, if it is for any, at all its objects. */
    boolean isQueued() {
        return queued;
    }

    void setQueued() {
        queued = true;
    }

    boolean isOver() {
        return over;
    }

    void end() {
        over = true;
    }
}
