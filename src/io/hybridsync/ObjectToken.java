package io.hybridsync;

import static java.util.Objects.requireNonNull;

/**
 * Names an object to another process: an unguessable number of 128 bits. It is how an object without a name is shared.
 *
 * <p>Whoever knows a token of a domain that he may connect to can open the object. Hand it over through standard input, a
 * pipe or a file that only the receiver may read: command lines and environments can be read by others.
 *
 * <p>A token opens its object as long as somebody holds the object; it is not a handle.
 *
 * @param high the upper 64 bits
 * @param low the lower 64 bits
 */
public record ObjectToken(long high, long low) {

    private static final int DIGITS = 32;
    private static final int HALF = DIGITS / 2;
    private static final int RADIX = 16;

    /** 32 hexadecimal digits; {@link #parse} reads them. */
    @Override
    public String toString() {
        return "%016x%016x".formatted(high, low);
    }

    /**
     * The token that {@link #toString} wrote.
     *
     * @throws IllegalArgumentException when the text is not 32 hexadecimal digits
     */
    public static ObjectToken parse(String text) {
        requireNonNull(text, "text");
        if (text.length() != DIGITS || !text.chars().allMatch(c -> c < 128 && Character.digit(c, RADIX) >= 0)) {
            throw new IllegalArgumentException("a token is 32 hexadecimal digits, not " + text.length() + " characters");
        }
        return new ObjectToken(
                Long.parseUnsignedLong(text, 0, HALF, RADIX), Long.parseUnsignedLong(text, HALF, DIGITS, RADIX));
    }
}
