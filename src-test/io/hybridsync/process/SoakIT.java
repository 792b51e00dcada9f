package io.hybridsync.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.HybridObject;
import io.hybridsync.HybridSemaphore;
import io.hybridsync.SyncDomain;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All together, for long: processes that wait for one, any and all of many objects, processes that open and close, owners
 * and holders of leases that are killed, processes that are stopped and go on, and in every third round the broker is killed
 * meanwhile. After each round all of them have ended or have nothing open; then this JVM, a client from the first to the last
 * moment, has what it had after the first quarter of the time, and so has the broker. By hand, half an hour:
 *
 * <pre>mvn -B -ntp verify -Dtest=NamesTest -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=SoakIT -Dsoak.minutes=30</pre>
 *
 * <p>{@code -Dsoak.seed=N} gives the same choices again. The {@link Watchdog} ends a hang.
 */
class SoakIT {

    private static final String DOMAIN = "soak";
    private static final int CHURNS_PER_SECOND = 100;
    private static final int LONGEST_STOP_MILLIS = 2000;
    private static final int LEAST_ROUNDS = 4;
    private static final Duration SETTLED_WITHIN = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    @TempDir
    Path files;

    private final List<Child> mixers = new ArrayList<>();
    private final List<Child> churners = new ArrayList<>();
    private final List<Child> victims = new ArrayList<>();
    private final List<SoakSample> samples = new ArrayList<>();
    private final AtomicLong steps = new AtomicLong();
    private final Duration duration = duration();

    /** Of each sort. A JVM takes long to start: in a short time there is one. */
    private final int processes = duration.toMinutes() > 0 ? 2 : 1;

    private final int roundMillis = duration.toMinutes() > 0 ? 10_000 : 500;
    private final Random random = new Random(seed());
    private int victimsStarted;
    private int stops;
    private int brokersKilled;
    private @Nullable SoakSample first;

    private static Duration duration() {
        int minutes = Integer.getInteger("soak.minutes", 0);
        return minutes > 0 ? Duration.ofMinutes(minutes) : Duration.ofSeconds(6);
    }

    private static long seed() {
        long seed = Long.getLong("soak.seed", System.nanoTime());
        System.out.println("soak.seed=" + seed);
        return seed;
    }

    private Stream<Child> children() {
        return Stream.of(mixers, churners, victims).flatMap(List::stream);
    }

    @AfterEach
    void nothingIsLeft() {
        children().forEach(Child::close);
        Residue.assertNone(directory);
    }

    @Test
    void allTogetherLeavesNothingBehind() throws Exception {
        MixLedger ledger = new MixLedger(files.resolve("mix"));
        try (SyncDomain domain = SyncDomain.builder(DOMAIN)
                        .directory(directory)
                        .linger(Duration.ZERO)
                        .claimTimeout(Duration.ofHours(1))
                        .open();
                Watchdog _ = Watchdog.start(DOMAIN, steps::get, Thread.currentThread()::interrupt)) {
            List<HybridObject> objects =
                    IntStream.range(0, Mix.OBJECTS).mapToObj(i -> Mix.create(domain, i)).toList();
            List<HybridSemaphore> leased = LeaseIT.create(domain);
            Survivors survivors = new Survivors(domain, new KillLedger(files.resolve("kill")), random);
            BrokerKiller killer = new BrokerKiller(domain, directory, random);
            for (int i = 0; i < processes; i++) {
                churners.add(start(Churn.class, "" + random.nextLong()));
                assertThat(churners.getLast().hear()).isEqualTo("ready");
            }
            long start = System.nanoTime();
            for (int round = 0; round < LEAST_ROUNDS || System.nanoTime() - start < duration.toNanos(); round++) {
                round(round % 3 == 1 ? killer : null);
                survivors.awaitSigns();
                leased.forEach(semaphore -> LeaseIT.awaitPermits(semaphore, LeaseIT.TOTAL));
                sample(domain, killer, System.nanoTime() - start);
            }
            System.out.printf("soak: %d rounds, %d stops, %d victims, %d brokers killed; %s%n",
                    samples.size(), stops, victimsStarted, brokersKilled, killer);
            System.out.printf("soak: %d mixed, %s; %d moves seen%n", ledger.progress(), survivors, domain.migrations());
            SoakSample.requireFlat(samples);
            survivors.end();
            assertThat(objects).allSatisfy(object -> assertThat(Mix.isComplete(object)).isTrue());
            assertThat(IntStream.range(0, Mix.OBJECTS)).allSatisfy(i -> assertThat(ledger.error(i)).isEmpty());
        }
    }

    /** @param killer who kills the broker in this round, if anybody does */
    private void round(@Nullable BrokerKiller killer) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(roundMillis);
        for (int i = 0; i < processes; i++) {
            String number = "" + (samples.size() + i) % 3;
            mixers.add(start(MixChild.class, files.resolve("mix").toString(), "" + random.nextLong(), "" + roundMillis, number));
        }
        churners.forEach(child -> child.say("" + CHURNS_PER_SECOND * roundMillis / 1000));
        fill();
        do {
            trouble(killer);
            steps.incrementAndGet();
        } while (System.nanoTime() - end < 0);
        victims.forEach(Child::kill);
        victims.clear();
        assertThat(mixers).allSatisfy(child -> assertThat(child.hear()).isEqualTo(MixChild.DONE));
        assertThat(mixers).allSatisfy(child -> assertThat(child.waitFor()).isZero());
        mixers.clear();
        assertThat(churners).allSatisfy(child -> assertThat(Long.parseLong(child.hear())).isPositive());
        steps.incrementAndGet();
    }

    /** Some are stopped, one is killed, the broker too, so that both ends are one; then those go on and another comes. */
    private void trouble(@Nullable BrokerKiller killer) throws IOException, InterruptedException {
        List<Child> some = new ArrayList<>(children().toList());
        Collections.shuffle(some, random);
        some = some.subList(0, random.nextInt(some.size()));
        for (Child child : some) {
            StopIT.signal("STOP", child);
        }
        stops += some.size();
        if (killer != null) {
            killer.killOnly();
            brokersKilled++;
        }
        Child unlucky = victims.remove(random.nextInt(victims.size()));
        unlucky.kill();
        TimeUnit.MILLISECONDS.sleep(random.nextInt(Math.min(LONGEST_STOP_MILLIS, roundMillis)));
        some.remove(unlucky);
        for (Child child : some) {
            StopIT.signal("CONT", child);
        }
        if (killer != null && random.nextBoolean()) {
            killer.kill();
            brokersKilled++;
        }
        fill();
    }

    private void fill() {
        int old = victims.size();
        while (victims.size() < processes) {
            String number = "" + ++victimsStarted;
            String seed = "" + random.nextLong();
            victims.add(victimsStarted % 2 == 0
                    ? start(Leaseholder.class, seed, number)
                    : start(Victim.class, files.resolve("kill").toString(), seed, number));
        }
        assertThat(victims.subList(old, processes)).allSatisfy(child -> assertThat(child.hear()).isEqualTo(Victim.BUSY));
    }

    private Child start(Class<?> main, String... arguments) {
        return Child.start(main, Stream.concat(Stream.of(directory.toString(), DOMAIN), Stream.of(arguments))
                .toArray(String[]::new));
    }

    /**
     * Who has been killed has gone a while later, with all that there was for him. Slabs that a broker has kept since it took
     * over, for the sake of somebody who may have slept there, go with the next one: when it is quiet there are none.
     */
    private void sample(SyncDomain domain, BrokerKiller killer, long elapsedNanos) throws InterruptedException {
        SoakSample now = settled(domain);
        if (!isSettled(now)) {
            killer.kill();
            brokersKilled++;
            now = settled(domain);
        }
        System.out.printf("soak %4d s: %s%n", TimeUnit.NANOSECONDS.toSeconds(elapsedNanos), now);
        samples.add(now);
        assertThat(now).as("what there is, unlike %s", first).matches(this::isSettled);
        if (first == null && elapsedNanos > duration.toNanos() / 4) {
            first = now;
        }
        steps.incrementAndGet();
    }

    private SoakSample settled(SyncDomain domain) throws InterruptedException {
        long end = System.nanoTime() + SETTLED_WITHIN.toNanos();
        SoakSample now = SoakSample.of(domain, directory);
        while (!isSettled(now) && System.nanoTime() - end < 0) {
            TimeUnit.MILLISECONDS.sleep(100);
            now = SoakSample.of(domain, directory);
        }
        return now;
    }

    private boolean isSettled(SoakSample now) {
        return first == null || now.isLike(first);
    }
}
