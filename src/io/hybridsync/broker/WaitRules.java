package io.hybridsync.broker;

import io.hybridsync.object.EventRule;
import io.hybridsync.object.MutexRule;
import io.hybridsync.object.Rule;
import io.hybridsync.object.Rules;
import io.hybridsync.object.SemaphoreRule;
import io.hybridsync.wire.Spec;
import org.jspecify.annotations.Nullable;

/** Which rules a client may ask the broker to apply, with which arguments. */
final class WaitRules {

    private static final int GENERATIONS = 1 << 29;

    private WaitRules() {}

    /** The rule with this number if an operation on the object may be that, or null. */
    static @Nullable Rule ofOperation(int client, Spec spec, int code, int argument) {
        Rule rule = Rules.of(spec.kind(), code);
        return rule != null && isOfObject(rule, spec) && isLegal(rule, argument, client, spec.maximum()) ? rule : null;
    }

    /** The rule with this number if a wait for the object may be by it, or null. */
    static @Nullable Rule ofWait(int client, Spec spec, int code, int argument) {
        Rule rule = ofOperation(client, spec, code, argument);
        return rule != null && waits(rule) ? rule : null;
    }

    /** Whether no wait at all can be satisfied by an object with this value. */
    static boolean isBarren(Spec spec, int value) {
        return switch (spec.kind()) {
            case SEMAPHORE -> value == 0;
            case MUTEX -> MutexRule.owner(value) != 0;
            case EVENT -> spec.has(Spec.AUTO_RESET) && !letsGo(value);
        };
    }

    /** Whether an auto-reset event lets anybody go, were it one who has waited since another generation. */
    private static boolean letsGo(int value) {
        int before = (EventRule.generation(value) + 1) % GENERATIONS;
        return EventRule.AWAIT_AUTO.next(value, before, 1) != Rule.REFUSED;
    }

    private static boolean waits(Rule rule) {
        return rule == SemaphoreRule.ACQUIRE
                || rule == MutexRule.LOCK
                || rule == MutexRule.ADOPT
                || rule == EventRule.AWAIT_MANUAL
                || rule == EventRule.AWAIT_AUTO;
    }

    private static boolean isOfObject(Rule rule, Spec spec) {
        boolean auto = spec.has(Spec.AUTO_RESET);
        return !(rule instanceof EventRule)
                || rule == EventRule.RESET
                || rule == EventRule.setting(auto)
                || rule == EventRule.pulsing(auto)
                || rule == EventRule.awaiting(auto);
    }

    private static boolean isLegal(Rule rule, int argument, int client, int maximum) {
        if (rule == SemaphoreRule.ACQUIRE) {
            return argument >= 0 && argument <= maximum;
        }
        if (rule == SemaphoreRule.RELEASE) {
            return argument >= 0;
        }
        if (rule == EventRule.AWAIT_MANUAL || rule == EventRule.AWAIT_AUTO) {
            return argument >= EventRule.NOT_WAITING && argument < GENERATIONS;
        }
        return !(rule instanceof MutexRule) || argument == client;
    }
}
