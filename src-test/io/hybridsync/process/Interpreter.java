package io.hybridsync.process;

import static java.util.Objects.requireNonNull;

import io.hybridsync.HybridSemaphore;
import io.hybridsync.ObjectToken;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A process that does with semaphores what it is told, line by line, and answers each line with the result or the simple
 * name of the exception. Arguments: the directory for domains, the domain's name.
 */
public final class Interpreter {

    private final SyncDomain domain;
    private final Map<String, HybridSemaphore> open = new HashMap<>();

    private Interpreter(SyncDomain domain) {
        this.domain = domain;
    }

    /** Runs it on standard input and output. */
    public static void main(String[] arguments) throws IOException {
        try (SyncDomain domain = SyncDomain.builder(arguments[1])
                .directory(Path.of(arguments[0]))
                .linger(Duration.ZERO)
                .open()) {
            Interpreter interpreter = new Interpreter(domain);
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            System.out.println("ready");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                System.out.println(interpreter.answer(line.split(" ")));
            }
        }
    }

    private String answer(String[] words) {
        try {
            return run(words);
        } catch (RuntimeException | InterruptedException e) {
            return e.getClass().getSimpleName();
        }
    }

    private String run(String[] words) throws InterruptedException {
        return switch (words[0]) {
            case "semaphore" -> put(words[1], domain.semaphore(words[1],
                    SemaphoreSpec.permits(number(words, 2)).maximum(number(words, 3))));
            case "open" -> put(words[1], domain.openSemaphore(words[1]));
            case "token" -> put(words[1], domain.openSemaphore(ObjectToken.parse(words[2])));
            case "acquire" -> {
                semaphore(words).acquire(number(words, 2));
                yield "acquired";
            }
            case "try" -> "" + semaphore(words).tryAcquire(number(words, 2), number(words, 3), TimeUnit.MILLISECONDS);
            case "release" -> "" + semaphore(words).releaseAndGetPrevious(number(words, 2));
            case "available" -> "" + semaphore(words).availablePermits();
            case "close" -> {
                semaphore(words).close();
                yield "closed";
            }
            case "collect" -> {
                System.gc();
                yield "collected";
            }
            default -> "what is " + words[0];
        };
    }

    private HybridSemaphore semaphore(String[] words) {
        return requireNonNull(open.get(words[1]), "not open");
    }

    private String put(String name, HybridSemaphore semaphore) {
        open.put(name, semaphore);
        return semaphore.wasCreated() ? "created" : "opened";
    }

    private static int number(String[] words, int index) {
        return Integer.parseInt(words[index]);
    }
}
