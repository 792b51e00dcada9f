package io.hybridsync.broker;

import io.hybridsync.wire.Message;
import io.hybridsync.wire.WaitOutcome;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The waits at the broker: for any of many objects, for all of many at once, for one that is fair.
 *
 * <pre>
 *   a wait is   when                                             its words
 *   ---------   ----------------------------------------------   ---------------------------------------------
 *   tried       it comes; an object where it is subscribed may   any: each is taken, or subscribed at, in turn
 *               have been signaled                               all: {@link Transaction}
 *   pending     nothing could be taken                           any: subscribed at each
 *                                                                all: at the first that was not signaled
 *   over        it is answered, once                             subscribed where others still wait
 * </pre>
 *
 * <p>What is taken for a wait is taken and told in one ({@link Grants}), so a client that cannot be told now gets nothing now:
 * its wait stays where it is, and is tried again when there is room.
 *
 * <p>Nothing is reserved for a wait that is pending. To be subscribed at the one word that was not signaled is enough for
 * all-of-many: as long as that word is not signaled there is nothing to be had, and its signal is told. An alert is
 * one more word where the wait is subscribed, looked at behind the objects. Others may take a part of what an
 * all-of-many wait needs, again and again: how long that goes on has no bound.
 *
 * <p><b>Whose turn it is.</b> The waits of an object are tried in the order in which they came, those that cannot be
 * satisfied are passed over. At a fair object a wait for it alone is not passed over: who came later, for whatever, gets
 * nothing from this object before it.
 *
 * <p><b>Pulses.</b> An event lets go who waits at it. A wait for any waits at all its events since it found nothing there,
 * perhaps even before it came here. A wait for all waits only at the event where it is subscribed, for it needs the others
 * at the moment when it looks.
 *
 * <p><b>What a hostile client may do</b> is to write to a word without a pause, so that no compare-and-set of the broker
 * succeeds: see {@link WaitQueues}. And to corrupt a word: that ends the waits for that object.
 */
final class Waits {

    private final Admission admission;
    private final Answers answers;
    private final Conditions conditions;
    private final Leases leases;
    private final Looks looks;
    private final Turns turns;
    private final IntFunction<@Nullable Session> clients;
    private final Wishes wishes;
    private final WaitQueues queues = new WaitQueues();
    private final Set<PendingWait> untold = new LinkedHashSet<>();
    private final Attempts attempts;

    /** @param clients the session of a client, null when it has none any more */
    Waits(
            Admission admission,
            Answers answers,
            Conditions conditions,
            Leases leases,
            Looks looks,
            Turns turns,
            Grants grants,
            IntFunction<@Nullable Session> clients) {
        this.admission = admission;
        this.answers = answers;
        this.conditions = conditions;
        this.leases = leases;
        this.looks = looks;
        this.turns = turns;
        this.clients = clients;
        this.attempts = new Attempts(queues, grants);
        this.wishes = new Wishes(admission, answers);
    }

    void await(Session session, Message.Await await) {
        Admission.requireNew(session, await.request());
        PendingWait wait = wishes.read(session, await, turns.of(session, await.request()));
        if (wait != null && admission.admit(wait)) {
            attempt(wait);
            if (!wait.isOver() && wait.isInTurn()) {
                answers.queued(wait, wait.ticket());
            }
        }
    }

    void withdraw(Session session, Message.Withdraw withdraw) {
        Pending pending = session.waits().withNumber(withdraw.awaited());
        if (pending instanceof PendingWait wait) {
            end(wait);
            answers.awaited(wait, WaitOutcome.WITHDRAWN, -1, List.of());
        } else if (pending instanceof Ticket ticket) {
            conditions.withdraw(ticket);
        }
    }

    /** A client says that it has signaled an object. */
    void signaled(Session session, Message.Signaled signaled) {
        SharedObject object = session.handles().get(signaled.object());
        if (object != null) {
            looks.later(object);
        }
    }

    /** A client closes an object, which it still has open: its waits for it are over. */
    void closing(Session session, SharedObject object) {
        List<Pending> waits = session.waits().on(object);
        for (Pending pending : waits) {
            if (end(pending)) {
                answers.notOpen(session, pending.request(), object.id());
            }
        }
        passOn(waits);
    }

    /** A client has ended: so have its waits. */
    void ended(Session session) {
        List<Pending> waits = session.waits().all();
        waits.forEach(this::end);
        passOn(waits);
    }

    /**
     * Signals of conditions that these will not follow go to the next: all of a client end first, or one of its own would get
     * it.
     */
    private void passOn(List<Pending> over) {
        for (Pending pending : over) {
            if (pending instanceof Ticket ticket) {
                conditions.passOn(ticket);
            }
        }
    }

    /** What was busy may not be any more, and who could not be told may read again. */
    void retry() {
        queues.busy().forEach(looks::later);
        List<PendingWait> due = List.copyOf(untold);
        untold.clear();
        due.forEach(this::attempt);
    }

    /** Looks at the waits of every object that may have been signaled. */
    void settle() {
        for (SharedObject due = looks.next(); due != null; due = looks.next()) {
            look(due);
        }
    }

    /** How many objects somebody waits for. */
    int awaited() {
        return queues.size();
    }

    private void look(SharedObject object) {
        if (object.isGone()) {
            return;
        }
        WaitQueue queue = queues.of(object);
        if (object.isCorrupted()) {
            fail(object);
        } else if (queue == null) {
            queues.clear(object);
        } else {
            look(object, queue);
        }
    }

    private void look(SharedObject object, WaitQueue queue) {
        boolean wasBusy = queues.setIdle(object);
        WaitQueue.Entry next = queue.after(0);
        while (next != null) {
            Step look = WaitQueues.subscription(object);
            Step.Result result = look.lookOrSubscribe();
            if (result != Step.Result.REFUSED) {
                unlookable(object, result);
                return;
            }
            boolean barren = !wasBusy && !object.isFair() && WaitRules.isBarren(object.spec(), look.value());
            next = barren || !look(object, next, look.value()) ? null : queue.after(next.pending().ticket());
        }
    }

    /** Whether those who came later may be looked at, too. */
    private boolean look(SharedObject object, WaitQueue.Entry entry, int value) {
        PendingWait wait = entry.pending();
        if (entry.parts().stream().anyMatch(part -> part.isWorthTrying(value))) {
            attempt(wait);
        } else {
            entry.parts().forEach(part -> part.refusedAt(value));
        }
        return !queues.isBusy(object) && (wait.isOver() || !wait.blocks(object));
    }

    private void unlookable(SharedObject object, Step.Result result) {
        if (result == Step.Result.BUSY) {
            queues.setBusy(object);
        } else {
            object.condemn();
        }
    }

    private void attempt(PendingWait wait) {
        switch (attempts.attempt(wait)) {
            case Outcome.Pending pending -> {}
            case Outcome.Untold no -> untold.add(wait);
            case Outcome.Granted granted -> {
                account(wait, granted);
                end(wait);
            }
            case Outcome.Over over -> {
                end(wait);
                answers.awaited(wait, over.how(), over.index(), List.of());
            }
            case Outcome.Corrupted corrupted -> {
                corrupted.object().condemn();
                end(wait);
                answers.corrupted(wait.session(), wait.request(), corrupted.object());
            }
        }
    }

    /** What the broker has taken for a client no ledger of it says. */
    private void account(PendingWait wait, Outcome.Granted granted) {
        Attempts.taken(wait, granted.how(), granted.index()).forEach(part ->
                leases.granted(wait.session().clientId(), part.object, part.argument()));
    }

    /** Whoever waits for it, be it with others, does so in vain. */
    private void fail(SharedObject object) {
        for (int holder : object.holders().ids()) {
            Session session = clients.apply(holder);
            List<Pending> waits = session == null ? List.of() : session.waits().on(object);
            for (Pending pending : waits) {
                boolean unanswered = end(pending);
                if (pending instanceof Ticket ticket) {
                    conditions.forget(ticket);
                }
                if (unanswered) {
                    answers.corrupted(pending.session(), pending.request(), object);
                }
            }
        }
    }

    /** Nobody is told; whether it has not been answered yet. */
    private boolean end(Pending pending) {
        return switch (pending) {
            case PendingWait wait -> {
                end(wait);
                yield true;
            }
            case Ticket ticket -> {
                conditions.end(ticket);
                yield !ticket.isSignaled();
            }
        };
    }

    private void end(PendingWait wait) {
        admission.dismiss(wait);
        attempts.unsubscribe(wait);
        untold.remove(wait);
        wait.end();
        wait.objects().stream().filter(wait::blocks).forEach(looks::later);
    }
}
