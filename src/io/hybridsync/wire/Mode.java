package io.hybridsync.wire;

import org.jspecify.annotations.Nullable;

/** What is to happen when an object of that name exists, or does not. */
public enum Mode {
    /** It must exist. */
    OPEN(1),
    /** It must not exist. The only mode for objects without a name. */
    CREATE(2),
    /** An existing one wins, whatever its spec. */
    OPEN_OR_CREATE(3),

    /** It must exist. If it is corrupted, a new one gets its name; otherwise it wins. */
    REPAIR(4);

    private final int code;

    Mode(int code) {
        this.code = code;
    }

    /** The number that stands for it in messages; never reused. */
    int code() {
        return code;
    }

    /** The mode with this number, or null when there is none. */
    static @Nullable Mode ofCode(int code) {
        return switch (code) {
            case 1 -> OPEN;
            case 2 -> CREATE;
            case 3 -> OPEN_OR_CREATE;
            case 4 -> REPAIR;
            default -> null;
        };
    }
}
