package io.hybridsync.chaos;

import java.util.List;
import java.util.Locale;

/** What the library can do to memory that is not its own heap, and to the kernel. */
enum Access {
    /** Reads a word. */
    LOAD,
    /** Reads half a word, or a word of this process's own. */
    LOAD_HALF,
    /** Writes a word. */
    STORE,
    /** Changes a word if it is what it is expected to be. */
    SWAP,
    /** Calls the kernel. */
    CALL;

    private static final List<Access> ALL = List.of(values());

    /** The access with a number. */
    static Access of(int number) {
        return ALL.get(number);
    }

    /** Its number. */
    int number() {
        return ALL.indexOf(this);
    }

    /**
     * What a method does.
     *
     * @param method of VarHandle or MethodHandle
     * @param whole whether on 64 bits
     */
    static Access of(String method, boolean whole) {
        String name = method.toLowerCase(Locale.ROOT);
        if (name.startsWith("invoke")) {
            return CALL;
        }
        if (name.contains("compareand")) {
            return whole ? SWAP : STORE;
        }
        if (name.startsWith("getand") || name.startsWith("set")) {
            return STORE;
        }
        return whole ? LOAD : LOAD_HALF;
    }
}
