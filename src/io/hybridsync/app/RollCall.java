package io.hybridsync.app;

import io.hybridsync.HybridObject;
import io.hybridsync.Snapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Who has the memory of the demo's objects mapped, as the broker says it and as /proc/PID/maps of every process says it,
 * compared with who holds them. This process owns the mutex meanwhile, so that no worker can go on and leave, and things
 * settle; processes that are killed come and go all the same.
 */
final class RollCall {

    private static final Pattern SLAB = Pattern.compile("/memfd:hybrid-sync-slab-([0-9a-f]+)");
    private static final Pattern LOCATION = Pattern.compile("slab 0x([0-9a-f]+), .*");
    private static final String DONE = "done ";
    private static final long SETTLED_WITHIN_NANOS = Duration.ofSeconds(30).toNanos();
    private static final long PAUSE_NANOS = 2_000_000;

    private final DemoObjects objects;
    private final ListMutex list;
    private final Workers workers;
    private final Map<Long, Shared> known = new HashMap<>();

    /**
     * @param waiters processes that have the semaphore open, too
     * @param holders processes that have the mutex open, too
     */
    RollCall(DemoObjects objects, ListMutex list, Workers workers, Victims waiters, Victims holders) {
        this.objects = objects;
        this.list = list;
        this.workers = workers;
        add("readers", objects.readers(), () -> union(workers.members(), waiters.present()));
        add("list", objects.mutex(), () -> union(workers.members(), holders.present()));
        add("start", objects.start(), workers::members);
        for (int life = 1; life <= objects.done().lives(); life++) {
            int worker = life;
            add(DONE + life, objects.done().of(life), () -> workers.member(worker));
        }
    }

    /** What the demo calls an object, and the pids of the processes that have it open besides this one. */
    private record Shared(String name, Supplier<Set<Long>> holders) {}

    private void add(String name, HybridObject object, Supplier<Set<Long>> holders) {
        known.put(object.snapshot().id(), new Shared(name, holders));
    }

    private static Set<Long> union(Set<Long> some, Set<Long> others) {
        Set<Long> all = new TreeSet<>(some);
        all.addAll(others);
        return all;
    }

    /**
     * An object and its processes.
     *
     * @param name what the demo calls it
     * @param location where its word is
     * @param clients how many clients the broker counts
     * @param holders pids of the processes that have it open
     * @param mappers pids of those that have its slab mapped
     */
    record Line(String name, String location, int clients, Set<Long> holders, Set<Long> mappers) {

        boolean isWorthSaying() {
            return holders.size() > 1 || !name.startsWith(DONE);
        }

        boolean isExact() {
            return holders.equals(mappers) && clients == holders.size();
        }

        @Override
        public String toString() {
            return "%s: %s; %d clients; held by %s, mapped by %s".formatted(name, location, clients, holders, mappers);
        }
    }

    /**
     * Waits until the processes that map an object are those that hold it; throws when that does not come. Says it of
     * those that more than one process holds, and those of all workers.
     *
     * @param least how many workers to wait for
     */
    List<Line> call(int least) throws DemoFailure, IOException, InterruptedException {
        list.lock();
        try {
            long end = System.nanoTime() + SETTLED_WITHIN_NANOS;
            List<Line> lines = lines();
            while (!(isComplete(least) && lines.stream().allMatch(Line::isExact))) {
                if (System.nanoTime() > end) {
                    throw new DemoFailure("who maps is not who holds: " + lines);
                }
                Thread.sleep(Duration.ofNanos(PAUSE_NANOS));
                lines = lines();
            }
            return lines.stream().filter(Line::isWorthSaying).toList();
        } finally {
            list.leave();
        }
    }

    private boolean isComplete(int least) {
        int members = workers.members().size();
        return members >= least && members == workers.living().size();
    }

    private List<Line> lines() throws DemoFailure {
        Map<Snapshot, Set<Long>> holders = new LinkedHashMap<>();
        Set<Long> everybody = new TreeSet<>(workers.living());
        for (Snapshot object : objects.domain().objects()) {
            Set<Long> own = new TreeSet<>(shared(object).holders().get());
            own.add(ProcessHandle.current().pid());
            everybody.addAll(own);
            holders.put(object, own);
        }
        Map<Long, Set<String>> slabs = everybody.stream().collect(Collectors.toMap(pid -> pid, RollCall::slabs));
        List<Line> lines = new ArrayList<>();
        for (Map.Entry<Snapshot, Set<Long>> entry : holders.entrySet()) {
            Snapshot object = entry.getKey();
            lines.add(new Line(
                    shared(object).name(),
                    object.location(),
                    object.group().size(),
                    entry.getValue(),
                    mappers(object, slabs)));
        }
        return lines;
    }

    private Shared shared(Snapshot object) throws DemoFailure {
        Shared shared = known.get(object.id());
        if (shared == null) {
            throw new DemoFailure("an object that nobody has created: " + object);
        }
        return shared;
    }

    private static Set<Long> mappers(Snapshot object, Map<Long, Set<String>> slabs) {
        Matcher location = LOCATION.matcher(object.location());
        Set<Long> mappers = new TreeSet<>();
        if (location.matches()) {
            slabs.forEach((process, mapped) -> {
                if (mapped.contains(location.group(1))) {
                    mappers.add(process);
                }
            });
        }
        return mappers;
    }

    /** The slabs that a process has mapped; none once it has ended. */
    private static Set<String> slabs(long process) {
        Set<String> slabs = new TreeSet<>();
        try {
            for (String line : Files.readAllLines(
                    Path.of("/proc", "" + process, "maps"), StandardCharsets.ISO_8859_1)) {
                Matcher slab = SLAB.matcher(line);
                if (slab.find()) {
                    slabs.add(slab.group(1));
                }
            }
        } catch (IOException e) {
            return Set.of();
        }
        return slabs;
    }
}
