package io.hybridsync.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.conformance.Party.Verb;
import io.hybridsync.object.model.Patch;
import io.hybridsync.process.Build;
import io.hybridsync.process.Child;
import io.hybridsync.process.Residue;
import io.hybridsync.process.Visitor;
import io.hybridsync.wire.Version;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A planned restart: a build of the library takes the place of another one's broker, under clients of both that own a mutex
 * and wait for it, for a permit, and for all of two. They notice nothing.
 */
@Timeout(120)
class TwoBuildsIT {

    private static final String MINOR = "int MINOR = " + Version.MINOR + ";";
    private static final String MAJOR = "int MAJOR = " + Version.MAJOR + ";";
    private static final String OBJECTS = "m s x y";

    @TempDir
    Path directory;

    @TempDir
    Path build;

    private final List<Abroad> processes = new ArrayList<>();
    private final List<Process> brokers = new ArrayList<>();
    private Party one;
    private Party two;

    @BeforeEach
    void clientsOfTheShippedBuild() {
        one = start(Build.shipped());
        two = start(Build.shipped());
        assertThat(one.ask(Verb.LOOK, "-", "new mutex m SHARED ; new semaphore s SHARED 0 ; new semaphore x SHARED 0 ;"
                + " new semaphore y BROKER_ONLY 0").join()).isEqualTo("created ; created ; created ; created");
        open(two);
    }

    @AfterEach
    void nothingIsLeft() {
        processes.forEach(Abroad::close);
        brokers.forEach(broker -> broker.onExit().join());
    }

    private Party start(Path jar) {
        Abroad process = Abroad.startOn(jar, directory);
        processes.add(process);
        return process.party(processes.size() % 2 == 0 ? Threads.DIRECT : Threads.VIRTUAL);
    }

    private static void open(Party party) {
        assertThat(party.ask(Verb.LOOK, "-", "open mutex m ; open semaphore s ; open semaphore x ; open semaphore y").join())
                .isEqualTo("opened ; opened ; opened ; opened");
    }

    private Process broker(Path jar) throws IOException {
        Process broker = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-Xmx64m",
                        "-jar", jar.toString(), "broker", "--name=" + Troupe.DOMAIN,
                        "--directory=" + directory.resolve(Troupe.DOMAIN), "--linger-millis=0", "--replace")
                .redirectErrorStream(true)
                .start();
        brokers.add(broker);
        return broker;
    }

    @Test
    void eachReplacesTheOther() throws Exception {
        Path next = Build.of(build, new Patch("wire/Version", MINOR, "int MINOR = " + (Version.MINOR + 1) + ";"));
        assertThat(serving().minor()).isEqualTo(Version.MINOR);
        replaceUnder(one, two, next, Version.MINOR + 1);
        Party three = start(next);
        open(three);
        replaceUnder(three, one, Build.shipped(), Version.MINOR);
        replaceUnder(two, three, next, Version.MINOR + 1);
        processes.forEach(Abroad::close);
        Residue.assertNone(directory);
    }

    /** Nobody notices but the one who is told to end. */
    private void replaceUnder(Party owner, Party waiter, Path jar, int minor) throws IOException {
        int before = serving().pid();
        assertThat(run(owner, "owner", "lock m").join()).isEqualTo("ok");
        List<CompletableFuture<String>> waits = allWait(waiter);
        List<String> words = words(owner);
        Process broker = broker(jar);
        await(broker);
        assertThat(serving()).isEqualTo(new Serving((int) broker.pid(), minor));
        assertThat(broker.pid()).isNotEqualTo(before);
        assertThat(words(owner)).isEqualTo(words);
        assertThat(waits).noneMatch(CompletableFuture::isDone);
        goOn(owner, waits);
        assertThat(run(waiter, "locker", "unlock m").join()).isEqualTo("ok");
        assertThat(words(owner)).isEqualTo(words(waiter));
    }

    private List<CompletableFuture<String>> allWait(Party waiter) {
        List<CompletableFuture<String>> waits = List.of(
                run(waiter, "locker", "lock m"), run(waiter, "taker", "acquire s"), run(waiter, "gatherer", "all ever x y"));
        for (String performer : List.of("locker", "taker", "gatherer")) {
            while (!waiter.ask(Verb.WAITS, performer, "").join().equals("true")) {
                LockSupport.parkNanos(1_000_000);
            }
        }
        return waits;
    }

    private static void goOn(Party owner, List<CompletableFuture<String>> waits) {
        assertThat(run(owner, "giver", "release s ; release x ; release y").join()).isEqualTo("0 ; 0 ; 0");
        assertThat(waits.get(1).join()).isEqualTo("ok");
        assertThat(waits.get(2).join()).isEqualTo("ACQUIRED 0");
        assertThat(waits.getFirst()).isNotDone();
        assertThat(run(owner, "owner", "unlock m").join()).isEqualTo("ok");
        assertThat(waits.getFirst().join()).isEqualTo("ok");
    }

    private void await(Process broker) {
        while (serving().pid() != broker.pid()) {
            assertThat(broker.isAlive()).isTrue();
            LockSupport.parkNanos(5_000_000);
        }
    }

    /** It says so, and all goes on: the broker stays, and the clients have what they had. */
    @Test
    void anotherMajorVersionIsRefused() throws Exception {
        Path other = Build.of(build, new Patch("wire/Version", MAJOR, "int MAJOR = " + (Version.MAJOR + 1) + ";"));
        Serving before = serving();
        assertThat(run(one, "owner", "lock m").join()).isEqualTo("ok");
        List<CompletableFuture<String>> waits = allWait(two);
        List<String> words = words(one);

        Process broker = broker(other);
        assertThat(new String(broker.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("version %d.%d".formatted(Version.MAJOR, Version.MINOR))
                .contains("%d.%d".formatted(Version.MAJOR + 1, Version.MINOR));
        assertThat(broker.waitFor()).isEqualTo(1);
        try (Child client = Child.startOn(other, List.of(), Visitor.class, directory.toString(), Troupe.DOMAIN)) {
            assertThat(client.hear()).contains("ProtocolException")
                    .contains("version %d.%d".formatted(Version.MAJOR, Version.MINOR))
                    .contains("%d.%d".formatted(Version.MAJOR + 1, Version.MINOR));
        }
        assertThat(serving()).isEqualTo(before);

        assertThat(words(one)).isEqualTo(words);
        assertThat(waits).noneMatch(CompletableFuture::isDone);
        goOn(one, waits);
        processes.forEach(Abroad::close);
        Residue.assertOnly(directory, Troupe.DOMAIN + "/broker.log");
    }

    private Serving serving() {
        return Serving.in(directory, Troupe.DOMAIN);
    }

    private static CompletableFuture<String> run(Party party, String performer, String commands) {
        return party.ask(Verb.RUN, performer, commands);
    }

    /** What is in the words, without what says who waits: that is made anew. */
    private static List<String> words(Party party) {
        return Stream.of(party.ask(Verb.LOOK, "-", "look true " + OBJECTS).join().split(" "))
                .map(Look::parse)
                .map(look -> look.state() + " " + look.seen())
                .map(text -> text.replaceAll("waiters=\\w+, flags=\\[[^]]*], ", ""))
                .toList();
    }
}
