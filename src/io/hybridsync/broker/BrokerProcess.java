package io.hybridsync.broker;

import io.hybridsync.error.SyncException;
import io.hybridsync.kernel.Processes;
import io.hybridsync.wire.DomainDirectory;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A broker in a process of its own. Leads a session of its own, so that neither Ctrl-C nor the end of whoever started
 * it ends it. SIGTERM does, and then it tidies up.
 *
 * <pre>
 *   exit code
 *    0    it has served, and nobody has been there for the linger time
 *    1    it could not serve: the message says why. Or its heap was full, and the next broker goes on: the log says so
 *    2    the arguments are wrong
 *    3    another process is the domain's broker
 *  143    it was told to end, by SIGTERM
 * </pre>
 */
public final class BrokerProcess {

    /** It has served. */
    public static final int EXIT_SERVED = 0;
    /** It could not serve. */
    public static final int EXIT_FAILED = 1;
    /** The arguments are wrong. */
    public static final int EXIT_USAGE = 2;
    /** Another process is the domain's broker. */
    public static final int EXIT_OTHER = 3;

    private static final long FAREWELL_SECONDS = 5;

    private BrokerProcess() {}

    /** Serves in a session of its own, and exits with one of the codes above. */
    public static void main(String[] arguments) {
        Processes.setsid();
        System.exit(run(arguments));
    }

    /**
     * Serves a domain until the broker ends.
     *
     * @param arguments see {@link BrokerArguments}
     * @return one of the exit codes
     */
    public static int run(String[] arguments) {
        try {
            return serve(BrokerArguments.parse(List.of(arguments)));
        } catch (IllegalArgumentException e) {
            System.err.println("broker: " + e.getMessage());
            return EXIT_USAGE;
        } catch (SyncException e) {
            System.err.println("broker: " + e.getMessage());
            return EXIT_FAILED;
        }
    }

    private static int serve(BrokerArguments arguments) {
        Optional<Broker> started;
        try (DomainDirectory directory = arguments.domain().make()) {
            started = arguments.replace()
                    ? Optional.of(Replacement.start(directory, arguments.options()))
                    : Broker.startAlone(directory, arguments.options());
        }
        if (started.isEmpty()) {
            System.err.println("broker: another process is the broker of " + arguments.domain());
            return EXIT_OTHER;
        }
        serve(started.get());
        return EXIT_SERVED;
    }

    private static void serve(Broker broker) {
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> farewell(broker, ended)));
        try {
            broker.run();
        } finally {
            ended.countDown();
        }
    }

    /** The JVM ends when the hook returns: the broker gets the time to tidy up. */
    private static void farewell(Broker broker, CountDownLatch ended) {
        broker.stop();
        try {
            if (!ended.await(FAREWELL_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("broker: still busy, ends without tidying up");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
