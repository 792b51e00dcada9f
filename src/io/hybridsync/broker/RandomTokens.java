package io.hybridsync.broker;

import io.hybridsync.error.KernelException;
import io.hybridsync.wire.Token;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Supplier;

/**
 * Unguessable tokens, from the kernel's random numbers. Not from SecureRandom, which would read the same file, but take
 * 25 ms of a broker's start to find out.
 */
final class RandomTokens implements Supplier<Token> {

    private static final String SOURCE = "/dev/urandom";

    @Override
    public Token get() {
        try (FileInputStream random = new FileInputStream(SOURCE)) {
            ByteBuffer bits = ByteBuffer.wrap(random.readNBytes(2 * Long.BYTES));
            return new Token(bits.getLong(), bits.getLong());
        } catch (IOException e) {
            throw new KernelException("cannot read " + SOURCE + ": " + e.getMessage(), 0);
        }
    }
}
