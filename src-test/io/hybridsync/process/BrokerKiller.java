package io.hybridsync.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.SyncDomain;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Kills the broker of a domain with SIGKILL, again and again, and measures how long it takes until a request is answered
 * again. There is never more than one broker.
 */
final class BrokerKiller {

    private static final int LONGEST_REIGN_MILLIS = 250;

    private final SyncDomain domain;
    private final Path directory;
    private final Random random;
    private final List<Long> gaps = new ArrayList<>();
    private long last;

    /**
     * @param domain to see that there is a broker again
     * @param directory the parent of the domain's
     */
    BrokerKiller(SyncDomain domain, Path directory, Random random) {
        this.domain = domain;
        this.directory = directory;
        this.random = random;
    }

    /** Kills the broker now, and waits until the next one has answered. */
    void kill() {
        long start = System.nanoTime();
        killOnly();
        int objects = domain.objects().size();
        gaps.add(System.nanoTime() - start);
        assertThat(objects).as("objects that the next broker knows").isPositive();
    }

    /** Kills the broker, whoever that is, and does not wait for another. */
    void killOnly() {
        List<ProcessHandle> brokers = Residue.brokers(directory);
        while (brokers.stream().noneMatch(broker -> broker.pid() != last)) {
            brokers = Residue.brokers(directory);
        }
        brokers = brokers.stream().filter(broker -> broker.pid() != last).toList();
        assertThat(brokers).as("brokers at one time").hasSize(1);
        last = brokers.getFirst().pid();
        assertThat(brokers.getFirst().destroyForcibly()).isTrue();
    }

    /** Kills for so long, with pauses of any length. Every now and then the next one, too, before it has done anything. */
    void killFor(long millis) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() - end < 0) {
            TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_REIGN_MILLIS));
            if (random.nextInt(4) == 0) {
                killOnly();
                TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_REIGN_MILLIS));
            }
            kill();
        }
    }

    /** How often it was killed, and how long until an answer came. */
    @Override
    public String toString() {
        List<Long> sorted = new ArrayList<>(gaps);
        Collections.sort(sorted);
        return sorted.isEmpty()
                ? "no broker was killed"
                : "%d brokers killed; from the kill to the first answer p50 %.0f ms, p99 %.0f ms"
                        .formatted(sorted.size(), sorted.get(sorted.size() / 2) / 1e6,
                                sorted.get((sorted.size() - 1) * 99 / 100) / 1e6);
    }
}
