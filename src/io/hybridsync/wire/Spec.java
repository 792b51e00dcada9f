package io.hybridsync.wire;

import io.hybridsync.word.Kind;
import java.util.Objects;

/**
 * What an object is made to be; fixed for its life.
 *
 * @param kind what it is
 * @param initialData semaphore: its permits; mutex: 1 when its creator owns it from the start; event: 1 when it starts
 *     signaled
 * @param maximum semaphore: the most permits that it holds, at least 1; otherwise 1
 * @param attributes a sum of the constants below
 */
public record Spec(Kind kind, int initialData, int maximum, int attributes) {

    /** Attribute: strictly first come, first served. */
    public static final int FAIR = 1;
    /** Attribute: the permits that a client holds come back when it dies. */
    public static final int LEASED = 2;
    /** Attribute: the word stays with the broker, operations are messages. */
    public static final int BROKER_ONLY = 4;
    /** Attribute: lives in memory of the whole domain and never moves. */
    public static final int GLOBAL = 8;
    /** Attribute: shares its line of 64 bytes with other compact objects. */
    public static final int COMPACT = 16;
    /** Attribute of a mutex: who locks it after its owner died gets it; otherwise only {@code recover()} does. */
    public static final int ADOPT = 32;
    /** Attribute of an event: a satisfied wait takes the signal. */
    public static final int AUTO_RESET = 64;

    private static final int OF_ALL = FAIR | BROKER_ONLY | GLOBAL | COMPACT;

    /** Checks that the parts fit together. */
    public Spec {
        Objects.requireNonNull(kind, "kind");
        if (maximum < 1 || (maximum > 1 && kind != Kind.SEMAPHORE)) {
            throw new IllegalArgumentException("a %s with the maximum %d".formatted(kind, maximum));
        }
        if (initialData < 0 || initialData > maximum) {
            throw new IllegalArgumentException(
                    "a %s that starts with %d of at most %d".formatted(kind, initialData, maximum));
        }
        if ((attributes & ~legal(kind)) != 0) {
            throw new IllegalArgumentException("a %s with the attributes 0x%x".formatted(kind, attributes));
        }
    }

    /** For who opens what must exist: only the kind counts. */
    public static Spec existing(Kind kind) {
        return new Spec(kind, 0, 1, 0);
    }

    /** Whether all these attributes are set. */
    public boolean has(int attribute) {
        return (attributes & attribute) == attribute;
    }

    private static int legal(Kind kind) {
        return OF_ALL
                | switch (kind) {
                    case SEMAPHORE -> LEASED;
                    case MUTEX -> ADOPT;
                    case EVENT -> AUTO_RESET;
                };
    }
}
