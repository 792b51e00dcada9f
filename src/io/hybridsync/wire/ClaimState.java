package io.hybridsync.wire;

import org.jspecify.annotations.Nullable;

/** Whether a claim that a word makes is the broker's. */
public enum ClaimState {
    /** It is. */
    CONFIRMED(1),
    /** The word makes no claim any more. */
    GONE(2),
    /** The word makes a claim, and the broker did not: it is corrupted. */
    REFUTED(3);

    private final int code;

    ClaimState(int code) {
        this.code = code;
    }

    /** The number that stands for it in messages; never reused. */
    int code() {
        return code;
    }

    /** The state with this number, or null when there is none. */
    static @Nullable ClaimState ofCode(int code) {
        return switch (code) {
            case 1 -> CONFIRMED;
            case 2 -> GONE;
            case 3 -> REFUTED;
            default -> null;
        };
    }
}
