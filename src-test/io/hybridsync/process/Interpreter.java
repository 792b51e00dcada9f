package io.hybridsync.process;

import static java.util.Objects.requireNonNull;

import io.hybridsync.BrokerMode;
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
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

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
        } catch (RuntimeException | InterruptedException | IOException | ClassNotFoundException e) {
            return e.getClass().getSimpleName();
        }
    }

    private String run(String[] words) throws InterruptedException, IOException, ClassNotFoundException {
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
            case "objects" -> "" + domain.objects().size();
            case "visit" -> visit(words[1], BrokerMode.SPAWN);
            case "host" -> visit(words[1], BrokerMode.IN_PROCESS);
            case "load" -> loadAll();
            case "collect" -> {
                System.gc();
                yield "collected";
            }
            default -> "what is " + words[0];
        };
    }

    /** Opens a domain once more, or another one, does something there, and closes it. */
    private String visit(String name, BrokerMode mode) {
        try (SyncDomain visited = SyncDomain.builder(name)
                        .directory(requireNonNull(domain.directory().getParent()))
                        .linger(Duration.ZERO)
                        .broker(mode)
                        .open();
                HybridSemaphore semaphore = visited.createSemaphore(SemaphoreSpec.permits(1))) {
            return semaphore.tryAcquire() ? "visited" : "visited in vain";
        }
    }

    /** Loads all classes of the library's jar: later there may be no descriptor or memory for that. */
    private static String loadAll() throws IOException, ClassNotFoundException {
        Path jar = Path.of(SyncDomain.class.getProtectionDomain().getCodeSource().getLocation().getPath());
        try (JarFile file = new JarFile(jar.toFile())) {
            for (String name : file.stream().map(JarEntry::getName).toList()) {
                if (name.matches("io/hybridsync/(?!app/).*\\.class") && !name.endsWith("package-info.class")) {
                    Class.forName(name.substring(0, name.length() - ".class".length()).replace('/', '.'));
                }
            }
        }
        return "loaded";
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
