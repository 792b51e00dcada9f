package io.hybridsync.word;

import org.jspecify.annotations.Nullable;

/** What an object is. All kinds share one name space and the layout of the word; they differ in what the value means. */
public enum Kind {
    /** The value is the permits. */
    SEMAPHORE(1),
    /** The value is the owning client and whether an owner died. */
    MUTEX(2),
    /** The value is whether it is signaled, and the generation of its pulses. */
    EVENT(3);

    private final int code;

    Kind(int code) {
        this.code = code;
    }

    /** The number that stands for the kind in messages; never reused. */
    public int code() {
        return code;
    }

    /** The kind with this number, or null when there is none. */
    public static @Nullable Kind ofCode(int code) {
        return switch (code) {
            case 1 -> SEMAPHORE;
            case 2 -> MUTEX;
            case 3 -> EVENT;
            default -> null;
        };
    }

    @Override
    public String toString() {
        return switch (this) {
            case SEMAPHORE -> "semaphore";
            case MUTEX -> "mutex";
            case EVENT -> "event";
        };
    }
}
