package io.hybridsync.broker;

import io.hybridsync.kernel.Randomness;
import io.hybridsync.wire.Token;
import java.util.function.Supplier;

/** Unguessable tokens. */
final class RandomTokens implements Supplier<Token> {

    @Override
    public Token get() {
        long[] bits = Randomness.two();
        return new Token(bits[0], bits[1]);
    }
}
