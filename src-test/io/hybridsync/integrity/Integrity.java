package io.hybridsync.integrity;

import io.hybridsync.BrokerMode;
import io.hybridsync.process.Residue;
import io.hybridsync.process.Watchdog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The proof of integrity, to be run by whoever wants to know what the library does on his machine.
 *
 * <pre>
 * java -cp hybrid-sync.jar:hybrid-sync-tests.jar io.hybridsync.integrity.Integrity [SECONDS [SEED]]
 * </pre>
 *
 * A quarter of the time goes to the {@link Sieve}, the rest to the {@link Siege}, from when all its processes are there. Prints the
 * seed, which makes the same choices again, and the counts. Exit status 0 if all is as it has to be, 1 if not, 3 if nothing moved
 * for a minute.
 */
public final class Integrity {

    private static final int PROCESSES = 2;
    private static final int EXIT_WRONG = 1;
    private static final int EXIT_HANGS = 3;
    private static final long DEFAULT_SECONDS = 10;

    private Integrity() {}

    /** See the class. */
    public static void main(String[] arguments) throws IOException {
        long seconds = arguments.length > 0 ? Long.parseLong(arguments[0]) : DEFAULT_SECONDS;
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime();
        Path directory = Files.createTempDirectory("hybrid-sync-integrity");
        boolean right = run(directory, seconds, seed);
        if (right) {
            Files.deleteIfExists(directory.resolve("integrity/broker.log"));
            Files.deleteIfExists(directory.resolve("integrity"));
            Files.delete(directory);
        }
        System.out.println(right ? "all is as it has to be" : "WRONG; what is left is in " + directory);
        System.exit(right ? 0 : EXIT_WRONG);
    }

    /**
     * Runs both, and prints what they find.
     *
     * @return whether no more words went through than chance explains, and anything was tried at all
     * @throws IllegalStateException when anything else is not as it has to be
     */
    static boolean run(Path directory, long seconds, long seed) {
        System.out.printf("integrity: %d s, seed %d; again: %s %d %d%n", seconds, seed, Integrity.class.getName(), seconds, seed);
        long millis = TimeUnit.SECONDS.toMillis(seconds);
        Tally sieved = new Sieve(seed).run(new Span(millis / 4));
        System.out.printf("words alone:%n%s", sieved);
        Siege siege = new Siege(directory, BrokerMode.SPAWN, PROCESSES, seed);
        try (Watchdog _ = Watchdog.start("integrity", siege::progress, () -> Runtime.getRuntime().halt(EXIT_HANGS))) {
            siege.run(new Span(millis - millis / 4));
        }
        System.out.printf("words of objects in use, with %d processes, %,d operations, %d kills:%n%s",
                PROCESSES + 1, siege.operations(), siege.kills(), siege.tally());
        if (sieved.planted() == 0 || siege.tally().planted() == 0 || siege.operations() == 0) {
            System.out.println("nothing was tried, which proves nothing");
            return false;
        }
        Residue.assertOnly(directory, "integrity/broker.log");
        Tally all = new Tally();
        all.addAll(sieved);
        all.addAll(siege.tally());
        System.out.printf("in all: %,d operations, %,d kills, %,d wrong words planted, %,d undetected; %,d words replayed%n",
                siege.operations(), siege.kills(), all.planted(), all.undetected(), all.planted(Sort.REPLAYED));
        return all.isWithinTheBound() && sieved.isAtTheBound(Sort.RANDOM);
    }

    /** Says for so long that it goes on: from when it is asked first. */
    private static final class Span implements BooleanSupplier {

        private final long millis;
        private OptionalLong end = OptionalLong.empty();

        private Span(long millis) {
            this.millis = millis;
        }

        @Override
        public boolean getAsBoolean() {
            long now = System.nanoTime();
            if (end.isEmpty()) {
                end = OptionalLong.of(now + TimeUnit.MILLISECONDS.toNanos(millis));
            }
            return now - end.getAsLong() < 0;
        }
    }
}
