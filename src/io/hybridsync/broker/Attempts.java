package io.hybridsync.broker;

import io.hybridsync.object.MutexRule;
import io.hybridsync.wire.WaitOutcome;
import io.hybridsync.word.Kind;
import java.util.List;

/** Tries to satisfy one wait, and subscribes it where that fails. */
final class Attempts {

    private final WaitQueues queues;

    Attempts(WaitQueues queues) {
        this.queues = queues;
    }

    /** Tries the objects, then the alert. */
    Outcome attempt(PendingWait wait) {
        Step.Patience patience = new Step.Patience();
        Outcome outcome = wait.isAll() ? all(wait) : any(wait, patience);
        PendingWait.Part alert = wait.alert();
        if (outcome instanceof Outcome.Pending && alert != null) {
            outcome = one(alert, WaitOutcome.ALERTED, patience);
        }
        if (outcome instanceof Outcome.Pending) {
            subscribe(wait);
        }
        return outcome;
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
        if (queues.isBusy(part.object)) {
            return Outcome.PENDING;
        }
        Step step = step(part, patience);
        Step.Result result = step.takeOrSubscribe();
        return result == Step.Result.DONE
                ? new Outcome.Over(ifTaken, part.index, isAbandoned(part, step.value()) ? List.of(part.index) : List.of())
                : notTaken(part, result, step.value());
    }

    private Step step(PendingWait.Part part, Step.Patience patience) {
        int maximum = part.object.spec().maximum();
        return new Step(part.object.slot(), queues.turn(part), part.argument(), maximum, patience);
    }

    private Outcome all(PendingWait wait) {
        for (PendingWait.Part part : wait.parts()) {
            if (queues.isBusy(part.object)) {
                subscribe(wait, part);
                return Outcome.PENDING;
            }
        }
        Transaction transaction = new Transaction(wait.parts().stream().map(this::transacted).toList());
        Step.Result result = transaction.run();
        transaction.overwritten().forEach(index -> wait.parts().get(index).object.condemn());
        return result == Step.Result.DONE ? allTaken(wait, transaction) : notAll(wait, transaction, result);
    }

    private Transaction.Part transacted(PendingWait.Part part) {
        int maximum = part.object.spec().maximum();
        return new Transaction.Part(part.object.slot(), queues.turn(part), part.argument(), maximum);
    }

    private static Outcome allTaken(PendingWait wait, Transaction transaction) {
        List<Integer> abandoned = wait.parts().stream()
                .filter(part -> isAbandoned(part, transaction.value(part.index)))
                .map(part -> part.index)
                .toList();
        return new Outcome.Over(WaitOutcome.TAKEN, 0, abandoned);
    }

    private Outcome notAll(PendingWait wait, Transaction transaction, Step.Result result) {
        PendingWait.Part part = wait.parts().get(transaction.at());
        subscribe(wait, part);
        return notTaken(part, result, transaction.value(part.index));
    }

    private Outcome notTaken(PendingWait.Part part, Step.Result result, int value) {
        switch (result) {
            case DONE -> throw new AssertionError("it was taken");
            case BUSY -> queues.setBusy(part.object);
            case CORRUPTED -> {
                return new Outcome.Corrupted(part.object);
            }
            case REFUSED -> {
                part.refusedAt(value);
                if (part.rule.endsWait(value)) {
                    return new Outcome.Over(WaitOutcome.ENDED, part.index, List.of());
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
