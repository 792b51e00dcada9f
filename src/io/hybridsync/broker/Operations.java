package io.hybridsync.broker;

import io.hybridsync.object.Rule;
import io.hybridsync.wire.Code;
import io.hybridsync.wire.Message;

/** Operations on objects whose words are the broker's own. They never wait, and do not queue behind those who do. */
final class Operations {

    private final Admission admission;
    private final Looks looks;
    private final Answers answers;

    Operations(Admission admission, Looks looks, Answers answers) {
        this.admission = admission;
        this.looks = looks;
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
        } else {
            apply(session, operate.request(), object, rule, operate.argument());
        }
    }

    /** Nobody else writes to the word, so it cannot be busy. */
    private void apply(Session session, int request, SharedObject object, Rule rule, int argument) {
        Step step = object.step(rule, argument);
        switch (step.apply()) {
            case DONE -> {
                if (rule.signals()) {
                    looks.later(object);
                }
                answers.operated(session, request, step.value());
            }
            case REFUSED -> answers.operated(session, request, ~(long) step.value());
            case BUSY, CORRUPTED -> {
                object.condemn();
                answers.corrupted(session, request, object);
            }
        }
    }
}
