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
    private final Delays delays;
    private final Answers answers;

    /** @param delays has what cannot be told now asked again later */
    Operations(Admission admission, Leases leases, Looks looks, Grants grants, Delays delays, Answers answers) {
        this.admission = admission;
        this.leases = leases;
        this.looks = looks;
        this.grants = grants;
        this.delays = delays;
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
            apply(session, operate, object, rule);
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

    private void apply(Session session, Message.Operate operate, SharedObject object, Rule rule) {
        Step step = object.step(rule, operate.argument());
        if (rule.equals(Rule.LOOK)) {
            answer(session, operate.request(), object, step, step.apply());
        } else if (grants.hasRoom(session) && grants.isPlaced(object)) {
            change(session, operate, object, rule, step);
        } else {
            delays.delay(session, operate.request(), operate);
        }
    }

    private void change(Session session, Message.Operate operate, SharedObject object, Rule rule, Step step) {
        Step.Result locked = step.lock();
        if (locked != Step.Result.DONE) {
            answer(session, operate.request(), object, step, locked);
        } else if (isPromised(session, operate, object, rule, step)) {
            boolean kept = step.commit();
            grants.kept();
            if (!kept) {
                object.condemn();
                return;
            }
            leases.granted(session.clientId(), object, taken(rule, operate.argument(), step.value()));
            if (rule.signals()) {
                looks.later(object);
            }
        } else {
            delays.delay(session, operate.request(), operate);
        }
    }

    /** What cannot be told now is not done. */
    private boolean isPromised(Session session, Message.Operate operate, SharedObject object, Rule rule, Step step) {
        try {
            List<Journal.Permits> permits = Leases.permits(object, taken(rule, operate.argument(), step.value()));
            Message.Operated operated = new Message.Operated(operate.request(), step.value());
            boolean promised = grants.promise(session, operated, List.of(step.change()), permits);
            if (!promised) {
                step.unlock();
            }
            return promised;
        } catch (RuntimeException e) {
            step.unlock();
            throw e;
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
