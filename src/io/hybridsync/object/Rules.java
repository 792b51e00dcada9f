package io.hybridsync.object;

import io.hybridsync.word.Kind;
import org.jspecify.annotations.Nullable;

/** The rules of each kind by the numbers that stand for them in messages. */
public final class Rules {

    private Rules() {}

    /** The rule of a kind with this number, or null when there is none. */
    public static @Nullable Rule of(Kind kind, int code) {
        if (code == Rule.LOOK.code()) {
            return Rule.LOOK;
        }
        Rule[] rules = of(kind);
        return code > 0 && code <= rules.length ? rules[code - 1] : null;
    }

    private static Rule[] of(Kind kind) {
        return switch (kind) {
            case SEMAPHORE -> SemaphoreRule.values();
            case MUTEX -> MutexRule.values();
            case EVENT -> EventRule.values();
        };
    }
}
