package io.hybridsync.broker;

import io.hybridsync.object.MutexRule;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.WaitOutcome;
import io.hybridsync.word.Kind;
import java.util.List;

/** Tries to satisfy one wait, and subscribes it where that fails. */
final class Attempts {

    private final WaitQueues queues;
    private final Grants grants;

    Attempts(WaitQueues queues, Grants grants) {
        this.queues = queues;
        this.grants = grants;
    }

    /** Tries the objects, then the alert. */
    Outcome attempt(PendingWait wait) {
        Outcome outcome = grants.hasRoom(wait.session()) ? attemptNow(wait) : Outcome.UNTOLD;
        if (outcome instanceof Outcome.Pending || outcome instanceof Outcome.Untold) {
            subscribe(wait);
        }
        return outcome;
    }

    private Outcome attemptNow(PendingWait wait) {
        Step.Patience patience = new Step.Patience();
        Outcome outcome = wait.isAll() ? all(wait) : any(wait, patience);
        PendingWait.Part alert = wait.alert();
        return outcome instanceof Outcome.Pending && alert != null
                ? one(alert, WaitOutcome.ALERTED, patience)
                : outcome;
    }

    private Outcome any(PendingWait wait, Step.Patience patience) {
        for (PendingWait.Part part : wait.parts()) {
            Outcome outcome = one(part, WaitOutcome.TAKEN, patience);
            if (!(outcome instanceof Outcome.Pending)) {
                return outcome;
            }
        }
        return Outcome.PENDING;
    }

    private Outcome one(PendingWait.Part part, WaitOutcome ifTaken, Step.Patience patience) {
        if (isBusy(part.object)) {
            return Outcome.PENDING;
        }
        Transaction transaction = new Transaction(List.of(transacted(part)), patience);
        Step.Result result = transaction.run(() -> {
            List<Integer> abandoned = isAbandoned(part, transaction.value(0)) ? List.of(part.index) : List.of();
            return isPromised(part.wait, ifTaken, part.index, abandoned, transaction);
        });
        transaction.overwritten().forEach(index -> part.object.condemn());
        return result == Step.Result.DONE ? granted(ifTaken, part.index) : notTaken(part, result, transaction.value(0));
    }

    /** What cannot be changed now is tried again as if others wrote to it. */
    private boolean isBusy(SharedObject object) {
        if (!grants.isPlaced(object)) {
            queues.setBusy(object);
        }
        return queues.isBusy(object);
    }

    private boolean isPromised(
            PendingWait wait, WaitOutcome how, int index, List<Integer> abandoned, Transaction transaction) {
        Message.Awaited awaited = new Message.Awaited(wait.request(), how, index, abandoned);
        List<Journal.Permits> permits = taken(wait, how, index).stream()
                .flatMap(part -> Leases.permits(part.object, part.argument()).stream())
                .toList();
        return grants.promise(wait.session(), awaited, transaction.changes(), permits);
    }

    /** The objects that are taken for a wait that ends so: alerts are events. */
    static List<PendingWait.Part> taken(PendingWait wait, WaitOutcome how, int index) {
        if (how != WaitOutcome.TAKEN) {
            return List.of();
        }
        return wait.isAll() ? wait.parts() : List.of(wait.parts().get(index));
    }

    private Outcome granted(WaitOutcome how, int index) {
        grants.kept();
        return new Outcome.Granted(how, index);
    }

    private Outcome all(PendingWait wait) {
        for (PendingWait.Part part : wait.parts()) {
            if (isBusy(part.object)) {
                subscribe(wait, part);
                return Outcome.PENDING;
            }
        }
        Transaction transaction = new Transaction(wait.parts().stream().map(this::transacted).toList());
        Step.Result result = transaction.run(
                () -> isPromised(wait, WaitOutcome.TAKEN, 0, abandoned(wait, transaction), transaction));
        transaction.overwritten().forEach(index -> wait.parts().get(index).object.condemn());
        return switch (result) {
            case DONE -> granted(WaitOutcome.TAKEN, 0);
            case UNTOLD -> Outcome.UNTOLD;
            case REFUSED, BUSY, CORRUPTED -> notAll(wait, transaction, result);
        };
    }

    private Transaction.Part transacted(PendingWait.Part part) {
        int maximum = part.object.spec().maximum();
        return new Transaction.Part(part.object.slot(), queues.turn(part), part.argument(), maximum);
    }

    private static List<Integer> abandoned(PendingWait wait, Transaction transaction) {
        return wait.parts().stream()
                .filter(part -> isAbandoned(part, transaction.value(part.index)))
                .map(part -> part.index)
                .toList();
    }

    private Outcome notAll(PendingWait wait, Transaction transaction, Step.Result result) {
        PendingWait.Part part = wait.parts().get(transaction.at());
        subscribe(wait, part);
        return notTaken(part, result, transaction.value(part.index));
    }

    private Outcome notTaken(PendingWait.Part part, Step.Result result, int value) {
        switch (result) {
            case DONE -> throw new AssertionError("it was taken");
            case UNTOLD -> {
                return Outcome.UNTOLD;
            }
            case BUSY -> queues.setBusy(part.object);
            case CORRUPTED -> {
                return new Outcome.Corrupted(part.object);
            }
            case REFUSED -> {
                part.refusedAt(value);
                if (part.rule.endsWait(value)) {
                    return new Outcome.Over(WaitOutcome.ENDED, part.index);
                }
            }
        }
        return Outcome.PENDING;
    }

    private static boolean isAbandoned(PendingWait.Part part, int value) {
        return part.object.spec().kind() == Kind.MUTEX && value == MutexRule.OWNER_DIED;
    }

    /** All-of-many: subscribed at this part, before it is at the former one no more. */
    private void subscribe(PendingWait wait, PendingWait.Part part) {
        PendingWait.Part before = wait.subscribed();
        wait.subscribe(part.index);
        queues.add(part);
        if (before != null && before != part) {
            queues.remove(before);
        }
    }

    private void subscribe(PendingWait wait) {
        if (wait.isQueued()) {
            return;
        }
        wait.setQueued();
        PendingWait.Part alert = wait.alert();
        if (!wait.isAll()) {
            wait.parts().forEach(queues::add);
        }
        if (alert != null) {
            queues.add(alert);
        }
    }

    /** The wait is over. Also where it has never been queued its words may say that somebody waits. */
    void unsubscribe(PendingWait wait) {
        PendingWait.Part subscribed = wait.subscribed();
        PendingWait.Part alert = wait.alert();
        if (!wait.isAll()) {
            wait.parts().forEach(queues::remove);
        } else if (subscribed != null) {
            queues.remove(subscribed);
        }
        if (alert != null) {
            queues.remove(alert);
        }
    }
}
