package io.hybridsync.app;

import io.hybridsync.broker.BrokerProcess;
import io.hybridsync.error.SyncException;
import java.io.IOException;
import java.util.Arrays;

/** The commands. */
public final class Main {

    private static final int EXIT_FAILED = 1;
    private static final int EXIT_USAGE = 2;
    private static final String USAGE =
            """
            usage: java -jar hybrid-sync.jar COMMAND

              demo [DIR] [--workers N] [--permits K]   SHA-256 of each file below DIR by N processes (default 4), of which
                   [--kill] [--groups]                 at most K (default 2) read at a time; DIR is the current directory;
                                                       --kill: kills processes that wait, and such that own the mutex,
                                                       and goes on; --groups: says which processes have which object's
                                                       memory mapped, checked
              broker --name=DOMAIN [--parent=DIR]      runs a domain's broker, for clients with BrokerMode.EXTERNAL,
                     [--linger-millis=N]               until it is terminated, or that long after its last client has gone
              help                                     this text
            """;

    private Main() {}

    /**
     * Runs a command and ends the JVM with its exit code.
     *
     * @param arguments the command and its arguments
     */
    public static void main(String[] arguments) {
        String command = arguments.length == 0 ? "" : arguments[0];
        String[] rest = arguments.length == 0 ? arguments : Arrays.copyOfRange(arguments, 1, arguments.length);
        System.exit(run(command, rest));
    }

    /** A process of the demo. */
    private static int runPart(String command, String[] arguments) {
        if (arguments.length != 0) {
            throw new IllegalArgumentException(command + " is for the demo itself, and takes its orders on standard input");
        }
        OrderReader in = new OrderReader();
        try {
            return switch (command) {
                case DemoWorker.COMMAND -> DemoWorker.run(in);
                case DemoVictim.COMMAND -> DemoVictim.run(in);
                default -> DemoHolder.run(in);
            };
        } catch (IOException | InterruptedException e) {
            System.err.println(command + ": " + e);
            return EXIT_FAILED;
        }
    }

    private static int run(String command, String[] arguments) {
        try {
            return switch (command) {
                case "demo" -> Demo.run(DemoOptions.parse(arguments));
                case DemoWorker.COMMAND, DemoVictim.COMMAND, DemoHolder.COMMAND -> runPart(command, arguments);
                case "broker" -> BrokerProcess.run(arguments);
                case "help", "--help", "-h" -> {
                    System.out.print(USAGE);
                    yield 0;
                }
                default -> throw new IllegalArgumentException(
                        command.isEmpty() ? "a command is missing" : "no such command: " + command);
            };
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.print(USAGE);
            return EXIT_USAGE;
        } catch (SyncException e) {
            System.err.println(command + ": " + e.getMessage());
            return EXIT_FAILED;
        }
    }
}
