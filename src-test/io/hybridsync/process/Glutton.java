package io.hybridsync.process;

import io.hybridsync.BrokerMode;
import io.hybridsync.SyncDomain;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * An application that has the broker of its domain on a thread, and whose heap is full from one line to the next: it answers
 * "full", and then, with the domain opened anew, how many objects there are. Ends with its input. Arguments: directory, domain.
 */
public final class Glutton {

    /** What it says when nothing more can be allocated. */
    static final String FULL = "full";

    private static final byte[] ANSWER = (FULL + "\n").getBytes(StandardCharsets.UTF_8);

    private static final int LARGEST = 1 << 20;
    private static final int SMALLEST = 16;

    /** What others leave behind while it is filled can be had afterwards. */
    private static final int ROUNDS = 2;

    private Object[] eaten = new Object[2];

    private Glutton() {}

    /** Runs it. */
    public static void main(String[] arguments) throws IOException {
        try (SyncDomain _ = open(arguments)) {
            System.out.println("ready");
            new Glutton().holdUntilToldSo();
        }
        try (SyncDomain domain = open(arguments)) {
            System.out.println(domain.objects().size());
            readLine();
        }
    }

    private static SyncDomain open(String[] arguments) {
        return SyncDomain.builder(arguments[1])
                .directory(Path.of(arguments[0]))
                .broker(BrokerMode.IN_PROCESS)
                .linger(Duration.ZERO)
                .open();
    }

    /** Between the two lines there is nothing to read or write with but what was there before. */
    private void holdUntilToldSo() throws IOException {
        readLine();
        for (int i = 0; i < ROUNDS; i++) {
            for (int size = LARGEST; size >= SMALLEST; size /= 16) {
                eat(size);
            }
        }
        System.out.write(ANSWER, 0, ANSWER.length);
        System.out.flush();
        readLine();
        eaten = new Object[0];
    }

    /** Each is held by the next one. */
    private void eat(int size) {
        try {
            for (;;) {
                Object[] next = new Object[size / 4];
                next[0] = eaten;
                eaten = next;
            }
        } catch (OutOfMemoryError e) {
            return;
        }
    }

    private static void readLine() throws IOException {
        int read = System.in.read();
        while (read >= 0 && read != '\n') {
            read = System.in.read();
        }
    }
}
