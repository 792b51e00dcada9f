package io.hybridsync.conformance;

import static java.util.Objects.requireNonNull;

import io.hybridsync.process.Child;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Another process with a party for each kind of threads: this side of {@link Understudy}. */
final class Abroad implements AutoCloseable {

    /** The answer to whatever has not been answered when the process was killed. */
    static final String KILLED = "(killed)";

    private static final String END = "(end)";

    private final Child child;
    private final AtomicInteger numbers = new AtomicInteger();
    private final Map<Integer, CompletableFuture<String>> asked = new ConcurrentHashMap<>();

    private Abroad(Child child) {
        this.child = child;
    }

    static Abroad start(Path directory) {
        return started(Child.start(Understudy.class, directory.toString()));
    }

    /** On a jar of the library instead of what this process runs. */
    static Abroad startOn(Path jar, Path directory) {
        return started(Child.startOn(jar, List.of(), Understudy.class, directory.toString()));
    }

    private static Abroad started(Child child) {
        Abroad abroad = new Abroad(child);
        if (!abroad.child.hear().equals("ready")) {
            throw new IllegalStateException("the other process does not start");
        }
        Thread.ofPlatform().daemon().name("hears " + abroad.child.process().pid()).start(abroad::hear);
        return abroad;
    }

    private void hear() {
        for (String line = next(); !line.equals(END); line = next()) {
            int space = line.indexOf(' ');
            requireNonNull(asked.remove(Integer.valueOf(line.substring(0, space)))).complete(line.substring(space + 1));
        }
        asked.values().forEach(answer -> answer.complete(KILLED));
    }

    /** To kill a process closes its output, also under who reads it. */
    private String next() {
        try {
            return child.hear();
        } catch (UncheckedIOException e) {
            return END;
        }
    }

    Party party(Threads kind) {
        return (verb, performer, command) -> {
            int number = numbers.incrementAndGet();
            CompletableFuture<String> answer = new CompletableFuture<>();
            asked.put(number, answer);
            say(number + " " + kind + " " + verb + " " + performer + " " + command);
            return answer;
        };
    }

    private synchronized void say(String line) {
        child.say(line);
    }

    void kill() {
        child.kill();
    }

    @Override
    public void close() {
        child.close();
    }
}
