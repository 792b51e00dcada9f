package io.hybridsync.conformance;

import io.hybridsync.BrokerMode;
import io.hybridsync.HybridMutex;
import io.hybridsync.MutexSpec;
import io.hybridsync.SyncDomain;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** A party in this process: a domain of its own, threads of one kind. */
final class Troupe implements Party, AutoCloseable {

    static final String DOMAIN = "stage";

    private final SyncDomain domain;
    private final SyncDomain stranger;
    private final Threads kind;
    private final Commands commands;
    private final Map<String, Performer> performers = new ConcurrentHashMap<>();

    private Troupe(SyncDomain domain, SyncDomain stranger, Threads kind) {
        this.domain = domain;
        this.stranger = stranger;
        this.kind = kind;
        this.commands = new Commands(domain, stranger);
    }

    static Troupe open(Path directory, BrokerMode broker, Threads kind) {
        SyncDomain.Builder builder = SyncDomain.builder(DOMAIN)
                .directory(directory)
                .broker(broker)
                .waiting(kind.waiting())
                .linger(Duration.ZERO);
        return new Troupe(builder.open(), builder.open(), kind);
    }

    @Override
    public CompletableFuture<String> ask(Verb verb, String name, String command) {
        if (verb == Verb.RUN) {
            return performer(name).perform(command);
        }
        try {
            return CompletableFuture.completedFuture(answer(verb, name, command));
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(e.toString());
        }
    }

    private String answer(Verb verb, String name, String command) {
        switch (verb) {
            case LOOK -> {
                return commands.answer(command);
            }
            case WAITS -> {
                return "" + performer(name).isWaiting();
            }
            case INTERRUPT -> performer(name).interrupt();
            case END -> end(name);
            case DISMISS -> dismiss(name);
            case LEAVE -> domain.close();
            case STACKS -> {
                return ofPrefix(name).stream().map(one -> performer(one).stack()).collect(Collectors.joining("\t"));
            }
            case IDENTITY -> {
                return identity();
            }
            case RUN -> throw new AssertionError();
        }
        return "ok";
    }

    private Performer performer(String name) {
        return performers.computeIfAbsent(name, of -> new Performer(of, commands, kind));
    }

    private void end(String name) {
        performer(name).end();
        performers.remove(name);
    }

    private void dismiss(String prefix) {
        String _ = commands.answer("forget " + prefix);
        ofPrefix(prefix).forEach(this::end);
    }

    private List<String> ofPrefix(String prefix) {
        return performers.keySet().stream().filter(name -> name.startsWith(prefix)).toList();
    }

    private String identity() {
        try (HybridMutex mine = domain.createMutex(MutexSpec.locked())) {
            int id = mine.snapshot().ownerClient().orElseThrow();
            mine.unlock();
            return id + " " + ProcessHandle.current().pid();
        }
    }

    @Override
    public void close() {
        domain.close();
        stranger.close();
        List.copyOf(performers.keySet()).forEach(this::end);
    }
}
