package io.hybridsync.broker;

import io.hybridsync.error.KernelException;
import io.hybridsync.error.LimitExceededException;
import io.hybridsync.slab.Slot;
import io.hybridsync.wire.Code;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Mode;
import io.hybridsync.wire.Spec;
import io.hybridsync.wire.Token;
import io.hybridsync.word.Kind;
import java.util.ArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens, creates and closes objects. Each request is all or nothing: whatever can be refused comes before the first
 * change. The answer is the last effect of a request, so a client that has it finds everything as the answer says.
 *
 * <pre>
 *                      there is none     it exists
 *   OPEN               NONE              opened
 *   CREATE             created           EXISTS
 *   OPEN_OR_CREATE     created           opened, whatever its spec
 *   REPAIR             NONE (1)          opened; if it is corrupted, another is created
 * </pre>
 *
 * <p>What exists is not opened as another kind, and not once its word is corrupted. A repair leaves the corrupted object to
 * those who have it open, and gives its name to a new one. Several at once make one: the others find that one sound.
 *
 * <p>(1) If the one that was made has gone again, and somebody has the corrupted one open, another is created: who comes late finds
 * it bad as the others did.
 */
final class Openings {

    private final Options options;
    private final Effects effects;
    private final Holdings holdings;
    private final Budget budget;
    private final Supplier<Token> tokens;
    private final Waits waits;
    private final Answers answers;
    private long lastObject;

    /** @param firstObject the ids of objects follow it */
    Openings(
            Options options,
            Effects effects,
            Holdings holdings,
            Budget budget,
            Supplier<Token> tokens,
            Waits waits,
            Answers answers,
            long firstObject) {
        this.options = options;
        this.effects = effects;
        this.holdings = holdings;
        this.budget = budget;
        this.tokens = tokens;
        this.waits = waits;
        this.answers = answers;
        this.lastObject = firstObject;
    }

    void open(Session session, Message.Open open) {
        SharedObject existing = open.name().isEmpty() ? null : holdings.catalog().named(open.name());
        boolean mustExist = open.mode() == Mode.OPEN
                || (open.mode() == Mode.REPAIR && !holdings.catalog().wasNamed(open.name()));
        if (existing == null && mustExist) {
            String message = "no object is named \"%s\": create it, or open it while somebody has it open"
                    .formatted(open.name());
            answers.failed(session, open.request(), Code.NONE, message);
        } else if (existing == null || isToBeReplaced(existing, open)) {
            create(session, open);
        } else if (open.mode() == Mode.CREATE) {
            answers.failed(session, open.request(), Code.EXISTS, existing + " exists: open it, or choose another name");
        } else {
            attach(session, open.request(), open.kind(), open.query(), existing, open);
        }
    }

    private static boolean isToBeReplaced(SharedObject existing, Message.Open open) {
        return open.mode() == Mode.REPAIR && existing.spec().kind() == open.kind() && existing.isCorrupted();
    }

    void open(Session session, Message.OpenToken open) {
        SharedObject existing = holdings.catalog().withToken(open.token());
        if (existing == null) {
            String message = "no object has this token: its last handle may have been closed";
            answers.failed(session, open.request(), Code.NONE, message);
        } else {
            attach(session, open.request(), open.kind(), open.query(), existing, open);
        }
    }

    void close(Session session, Message.Close close) {
        SharedObject object = session.handles().get(close.object());
        if (object == null) {
            answers.notOpen(session, close.request(), close.object());
        } else {
            holdings.retirements().closed(session.clientId(), object.id());
            close(session, object);
            answers.done(session, close.request());
        }
    }

    /** The client has said that it leaves: closes what it has open. */
    void leave(Session session) {
        for (SharedObject object : new ArrayList<>(session.handles().values())) {
            holdings.retirements().closed(session.clientId(), object.id());
            close(session, object);
        }
    }

    /**
     * The client is dead, or has lost its connection and lives: closes what it has open. What it may have swallowed, a wake
     * that was meant for others, they get. Who lives may be at the words' places for as long as it does.
     *
     * @param dead whether it is known not to write any more, and no group has it as a member
     */
    void abandon(Session session, boolean dead) {
        for (SharedObject object : new ArrayList<>(session.handles().values())) {
            if (!dead && !object.isAtBroker()) {
                object.addStranger(session.clientId());
            }
            close(session, object);
            if (!object.isGone()) {
                object.wakeAfterDeath();
            }
        }
    }

    private void attach(
            Session session, int request, Kind kind, boolean query, SharedObject object, Message open) {
        if (object.spec().kind() != kind) {
            answers.failed(session, request, Code.KIND, "%s is not a %s".formatted(object, kind));
        } else if (object.isCorrupted()) {
            answers.corrupted(session, request, object);
        } else if (session.handles().containsKey(object.id())) {
            hand(session, request, object, query, false);
        } else if (affords(session, request, Budget.HANDLE_BYTES)) {
            join(session, request, query, object, open);
        }
    }

    /** One client more: the word moves to memory that this one maps as well. */
    private void join(Session session, int request, boolean query, SharedObject object, Message open) {
        Move.Result result;
        try {
            result = holdings.movers().move(object, object.holders().with(session.clientId()));
        } catch (LimitExceededException e) {
            effects.log(Effects.Level.WARN, String.valueOf(e.getMessage()));
            budget.giveBack(Budget.HANDLE_BYTES);
            answers.failed(session, request, Code.LIMIT, "the broker has " + e.getMessage());
            return;
        }
        switch (result) {
            case DONE -> {
                holdings.moved(object);
                hand(session, request, object, query, false);
            }
            case CORRUPTED -> {
                budget.giveBack(Budget.HANDLE_BYTES);
                answers.corrupted(session, request, object);
            }
            case DELAYED -> {
                budget.giveBack(Budget.HANDLE_BYTES);
                holdings.delays().delay(session, request, open);
            }
        }
    }

    private void create(Session session, Message.Open open) {
        long cost = Budget.HANDLE_BYTES + Budget.ofObject(open.name());
        if (session.created() >= options.objectsPerClient()) {
            String message = "%s has created %d objects, its quota: close some"
                    .formatted(session, session.created());
            answers.failed(session, open.request(), Code.LIMIT, message);
        } else if (affords(session, open.request(), cost)) {
            Group group = birthplace(session, open.spec());
            Slot slot = allocate(session, group, open);
            if (slot == null) {
                budget.giveBack(cost);
                holdings.groups().sweep(group);
            } else {
                hand(session, open.request(), make(session, open, group, slot), open.query(), true);
            }
        }
    }

    private Group birthplace(Session session, Spec spec) {
        if (SharedObject.isAtBroker(spec)) {
            return holdings.groups().own();
        }
        return spec.has(Spec.GLOBAL) ? holdings.groups().global() : holdings.groups().of(MemberSet.of(session.clientId()));
    }

    /** Takes from the budget, or says why not. */
    private boolean affords(Session session, int request, long bytes) {
        int open = session.handles().size();
        if (open >= options.handlesPerClient()) {
            String message = "%s has %d objects open, its quota: close some".formatted(session, open);
            answers.failed(session, request, Code.LIMIT, message);
            return false;
        }
        if (!budget.take(bytes)) {
            String message = "the broker's heap is full of %d objects: close some, or give the broker more (-Xmx)"
                    .formatted(holdings.catalog().size());
            answers.failed(session, request, Code.LIMIT, message);
            return false;
        }
        return true;
    }

    private @Nullable Slot allocate(Session session, Group group, Message.Open open) {
        try {
            return group.slabs().allocate(open.spec().has(Spec.COMPACT));
        } catch (LimitExceededException | KernelException e) {
            effects.log(Effects.Level.WARN, "no memory for an object of " + session + ": " + e.getMessage());
            answers.failed(session, open.request(), Code.LIMIT, "the broker has no memory for the object: " + e.getMessage());
            return null;
        }
    }

    private SharedObject make(Session session, Message.Open open, Group group, Slot slot) {
        slot.cell().store(slot.pack(initialData(session, open.spec()), 0));
        SharedObject object = new SharedObject(
                ++lastObject,
                open.name(),
                open.spec(),
                tokens.get(),
                session,
                holdings::condemned,
                group,
                slot);
        session.countCreated(1);
        holdings.catalog().add(object);
        return object;
    }

    private static int initialData(Session session, Spec spec) {
        boolean ownedByCreator = spec.kind() == Kind.MUTEX && spec.initialData() == 1;
        return ownedByCreator ? session.clientId() : spec.initialData();
    }

    /** From here on the client has it open. */
    private void hand(Session session, int request, SharedObject object, boolean query, boolean created) {
        session.opened(object, query);
        object.setHolders(object.holders().with(session.clientId()));
        holdings.leases().opened(object, session.clientId());
        holdings.movers().grant(session, object);
        effects.send(session.connection(), new Message.Opened(
                request,
                object.id(),
                created,
                object.name(),
                object.spec(),
                object.location(),
                object.home(),
                object.token()));
    }

    /**
     * With its last handle the object is gone: its name is free, its slot poisoned. Otherwise the word moves to memory that
     * this client does not map, unless that has been seen to already: dead clients are shed by their holdings.groups().
     */
    private void close(Session session, SharedObject object) {
        waits.closing(session, object);
        session.closed(object);
        budget.giveBack(Budget.HANDLE_BYTES);
        object.setHolders(object.holders().without(session.clientId()));
        if (object.isGone()) {
            holdings.catalog().remove(object);
            holdings.leases().gone(object);
            budget.giveBack(Budget.ofObject(object.name()));
            object.creator().countCreated(-1);
            holdings.retirements().add(object, object.group(), object.slot().location(), object.strangers());
        } else {
            holdings.looks().later(object);
            holdings.leases().closed(object, session.clientId());
            holdings.shrink(object);
        }
    }
}
