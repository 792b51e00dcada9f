package io.hybridsync.wire;

import java.util.HexFormat;

/**
 * 128 random bits that stand for one object: who was told them may open it, also when it has no name. Never logged.
 *
 * @param high the upper 64 bits
 * @param low the lower 64 bits
 */
public record Token(long high, long low) {

    private static final int DIGITS = 32;

    /** The token that {@link #toString} wrote. */
    public static Token parse(String text) {
        if (text.length() != DIGITS) {
            throw new IllegalArgumentException(
                    "a token has %d hexadecimal digits, not %d characters".formatted(DIGITS, text.length()));
        }
        return new Token(half(text, 0), half(text, DIGITS / 2));
    }

    private static long half(String text, int from) {
        try {
            return HexFormat.fromHexDigitsToLong(text, from, from + DIGITS / 2);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("a token has hexadecimal digits and nothing else", e);
        }
    }

    /** 32 hexadecimal digits. */
    @Override
    public String toString() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(high) + hex.toHexDigits(low);
    }
}
