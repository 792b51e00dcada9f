package io.hybridsync.broker;

import io.hybridsync.object.Rule;
import io.hybridsync.object.SemaphoreRule;
import io.hybridsync.wire.Code;
import io.hybridsync.wire.Message;
import java.util.List;

/** Operations on objects whose words are the broker's own. They never wait, and do not queue behind those who do. */
final class Operations {

    private final Admission admission;
    private final Leases leases;
    private final Looks looks;
    private final Grants grants;
    private final Movers movers;
    private final Answers answers;

    /** @param movers does later what cannot be told now */
    Operations(Admission admission, Leases leases, Looks looks, Grants grants, Movers movers, Answers answers) {
        this.admission = admission;
        this.leases = leases;
        this.looks = looks;
        this.grants = grants;
        this.movers = movers;
        this.answers = answers;
    }

    void operate(Session session, Message.Operate operate) {
        SharedObject object = operate.rule() == Rule.LOOK.code()
                ? admission.readable(session, operate.request(), operate.object())
                : admission.usable(session, operate.request(), operate.object());
        if (object == null) {
            return;
        }
        Rule rule = WaitRules.ofOperation(session.clientId(), object.spec(), operate.rule(), operate.argument());
        if (rule == null || !object.isAtBroker()) {
            answers.failed(session, operate.request(), Code.PROTOCOL, "%s is not operated on at the broker by rule %d with %d"
                    .formatted(object, operate.rule(), operate.argument()));
        } else if (rule == SemaphoreRule.RELEASE && !leases.mayRelease(session.clientId(), object, operate.argument())) {
            String message = "release of %d permits of %s, which is leased: this process does not hold so many"
                    .formatted(operate.argument(), object);
            answers.failed(session, operate.request(), Code.NOT_HELD, message);
        } else {
            apply(session, operate.request(), object, rule, operate.argument());
        }
    }

    /** How many permits of a semaphore are taken, at this value. */
    private static int taken(Rule rule, int argument, int before) {
        if (rule == SemaphoreRule.ACQUIRE) {
            return argument;
        }
        if (rule == SemaphoreRule.DRAIN) {
            return before;
        }
        return rule == SemaphoreRule.RELEASE ? -argument : 0;
    }

    private void apply(Session session, int request, SharedObject object, Rule rule, int argument) {
        Step step = object.step(rule, argument);
        if (rule.equals(Rule.LOOK)) {
            answer(session, request, object, step, step.apply());
        } else if (grants.hasRoom(session)) {
            change(session, request, object, rule, argument);
        } else {
            movers.delay(() -> again(session, request, object, rule, argument));
        }
    }

    private void change(Session session, int request, SharedObject object, Rule rule, int argument) {
        Step step = object.step(rule, argument);
        Step.Result locked = step.lock();
        if (locked != Step.Result.DONE) {
            answer(session, request, object, step, locked);
        } else if (isPromised(session, request, step, Leases.permits(object, taken(rule, argument, step.value())))) {
            boolean kept = step.commit();
            grants.kept();
            if (!kept) {
                object.condemn();
                return;
            }
            leases.granted(session.clientId(), object, taken(rule, argument, step.value()));
            if (rule.signals()) {
                looks.later(object);
            }
        } else {
            movers.delay(() -> again(session, request, object, rule, argument));
        }
    }

    /** What cannot be told now is not done. */
    private boolean isPromised(Session session, int request, Step step, List<Journal.Permits> permits) {
        boolean promised = false;
        try {
            Message.Operated operated = new Message.Operated(request, step.value());
            promised = grants.promise(session, operated, List.of(step.change()), permits);
            return promised;
        } finally {
            if (!promised) {
                step.unlock();
            }
        }
    }

    private void again(Session session, int request, SharedObject object, Rule rule, int argument) {
        if (session.handles().containsKey(object.id())) {
            apply(session, request, object, rule, argument);
        } else if (!session.isGone()) {
            answers.notOpen(session, request, object.id());
        }
    }

    /** Nobody else writes to the word, so it cannot be busy. */
    private void answer(Session session, int request, SharedObject object, Step step, Step.Result result) {
        switch (result) {
            case DONE -> answers.operated(session, request, step.value());
            case REFUSED -> answers.operated(session, request, ~(long) step.value());
            case BUSY, UNTOLD, CORRUPTED -> {
                object.condemn();
                answers.corrupted(session, request, object);
            }
        }
    }
}
