package io.hybridsync.app;

import io.hybridsync.HybridSemaphore;
import io.hybridsync.Snapshot;
import io.hybridsync.SyncDomain;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who has the memory of the demo's semaphores mapped, as the broker says it and as /proc/PID/maps of every process says
 * it, compared with who holds them. This process has the list's permit meanwhile, so that no worker can go on and leave,
 * and things settle; processes that are killed come and go all the same.
 */
final class RollCall {

    private static final Pattern SLAB = Pattern.compile("/memfd:hybrid-sync-slab-([0-9a-f]+)");
    private static final Pattern LOCATION = Pattern.compile("slab 0x([0-9a-f]+), .*");
    private static final long SETTLED_WITHIN_NANOS = Duration.ofSeconds(30).toNanos();
    private static final long PAUSE_NANOS = 2_000_000;

    private final SyncDomain domain;
    private final HybridSemaphore list;
    private final Workers workers;
    private final Victims victims;

    RollCall(SyncDomain domain, HybridSemaphore list, Workers workers, Victims victims) {
        this.domain = domain;
        this.list = list;
        this.workers = workers;
        this.victims = victims;
    }

    /**
     * A semaphore and its processes.
     *
     * @param name what the demo calls it
     * @param location where its word is
     * @param clients how many clients the broker counts
     * @param holders pids of the processes that have it open
     * @param mappers pids of those that have its slab mapped
     */
    record Line(String name, String location, int clients, Set<Long> holders, Set<Long> mappers) {

        boolean isExact() {
            return holders.equals(mappers) && clients == holders.size();
        }

        @Override
        public String toString() {
            return "%s: %s; %d clients; held by %s, mapped by %s".formatted(name, location, clients, holders, mappers);
        }
    }

    /**
     * Waits until the processes that map a semaphore are those that hold it; throws when that does not come.
     *
     * @param least how many workers to wait for
     */
    List<Line> call(int least) throws DemoFailure, InterruptedException {
        list.acquire();
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
            return lines;
        } finally {
            list.release();
        }
    }

    private boolean isComplete(int least) {
        int members = workers.members().size();
        return members >= least && members == workers.living().size();
    }

    private List<Line> lines() {
        Set<Long> members = new TreeSet<>(workers.members());
        members.add(ProcessHandle.current().pid());
        Set<Long> waiting = victims.waiting();
        Set<Long> everybody = new TreeSet<>(members);
        everybody.addAll(workers.living());
        everybody.addAll(waiting);
        List<Line> lines = new ArrayList<>();
        long listId = list.snapshot().id();
        for (Snapshot object : domain.objects()) {
            Set<Long> holders = new TreeSet<>(members);
            if (object.id() != listId) {
                holders.addAll(waiting);
            }
            String name = object.id() == listId ? "list" : "readers";
            lines.add(new Line(name, object.location(), object.group().size(), holders, mappers(object, everybody)));
        }
        return lines;
    }

    private static Set<Long> mappers(Snapshot object, Set<Long> processes) {
        Matcher location = LOCATION.matcher(object.location());
        Set<Long> mappers = new TreeSet<>();
        for (long process : processes) {
            if (location.matches() && slabs(process).contains(location.group(1))) {
                mappers.add(process);
            }
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
