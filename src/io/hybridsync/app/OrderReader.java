package io.hybridsync.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * What a process of the demo is told: lines on standard input, for tokens do not belong on a command line. Who told them
 * keeps it open as long as he lives, so that it tells also when he has gone.
 */
final class OrderReader {

    private final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

    String line() throws IOException {
        String line = in.readLine();
        if (line == null) {
            throw new IOException("the orders end too early");
        }
        return line;
    }

    /** From now on this process ends as soon as standard input does: nobody is there any more who would end it. */
    void endWithParent() {
        Thread.ofPlatform().daemon().name("parent").start(this::awaitEnd);
    }

    private void awaitEnd() {
        try {
            in.transferTo(java.io.Writer.nullWriter());
        } catch (IOException e) {
            // as good as the end
        }
        Runtime.getRuntime().halt(1);
    }
}
