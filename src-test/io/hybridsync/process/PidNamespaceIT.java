package io.hybridsync.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.HybridMutex;
import io.hybridsync.SyncDomain;
import io.hybridsync.broker.BrokerProcess;
import io.hybridsync.integrity.Actor;
import io.hybridsync.kernel.Needed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two processes that both are process 1, each in its own name space: a pid identifies nobody. */
@Timeout(60)
class PidNamespaceIT {

    private static final List<String> IN_A_NAMESPACE = List.of("unshare", "--pid", "--fork", "--mount-proc", "--kill-child");

    @TempDir
    Path directory;

    @AfterEach
    void nothingIsLeft() {
        Residue.assertNone(directory);
    }

    @Test
    void equalPidsAreDifferentClients() throws Exception {
        Needed.root("makes pid namespaces");
        try (SyncDomain domain =
                        SyncDomain.builder("pids").directory(directory).linger(Duration.ZERO).open();
                Child one = start("one");
                Child two = start("two")) {
            assertThat(one.hear()).isEqualTo("ready");
            assertThat(two.hear()).isEqualTo("ready");
            assertThat(List.of(innermostPid(one), innermostPid(two))).containsOnly("1");
            for (String object : List.of("permits SEMAPHORE 3", "first MUTEX 0", "second MUTEX 0", "third MUTEX 0")) {
                assertThat(one.ask("open " + object)).isEqualTo("created");
                assertThat(two.ask("open " + object)).isEqualTo("opened");
            }
            assertThat(one.ask("TAKE permits 2")).isEqualTo("true");
            assertThat(two.ask("TAKE permits 2")).isEqualTo("false");
            assertThat(two.ask("GIVE permits 1")).isEqualTo("given");
            assertThat(one.ask("LOCK first 0")).isEqualTo("true");
            assertThat(two.ask("LOCK second 0")).isEqualTo("true");
            assertThat(two.ask("LOCK first 0")).isEqualTo("false");
            assertThat(two.ask("UNLOCK first 0")).isEqualTo("IllegalMonitorStateException");
            assertThat(two.ask("wait first")).isEqualTo("waiting");

            jvm(one).destroyForcibly();
            assertThat(two.ask("joined first")).isEqualTo("AbandonedMutexException");
            try (HybridMutex first = domain.openMutex("first");
                    HybridMutex second = domain.openMutex("second");
                    HybridMutex third = domain.openMutex("third")) {
                assertThat(first.isAbandoned()).isTrue();
                assertThat(second.isLocked()).isTrue();
                assertThat(third.isAbandoned() || third.isLocked()).isFalse();
                assertThat(two.ask("UNLOCK second 0")).isEqualTo("unlocked");
                assertThat(first.recover()).isTrue();
                first.unlock();
            }
            assertThat(two.ask("COUNT permits 0")).isEqualTo("2");
            two.say("quit");
            assertThat(two.waitFor()).isZero();
        }
    }

    /** The broker has no pid there: nobody is told to end, and nobody is waited for. */
    @Test
    void whoCannotSeeTheBrokerSaysThatItCannotReplaceIt() throws Exception {
        Needed.root("makes pid namespaces");
        try (SyncDomain domain =
                SyncDomain.builder("pids").directory(directory).linger(Duration.ZERO).open()) {
            ProcessHandle broker = Residue.brokers(directory).getFirst();
            List<String> command = new ArrayList<>(IN_A_NAMESPACE);
            command.addAll(Child.command(
                    List.of(), BrokerProcess.class, "--name=pids", "--directory=" + directory.resolve("pids"), "--replace"));
            Process other = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(other.waitFor()).isEqualTo(BrokerProcess.EXIT_FAILED);
            assertThat(said).contains("cannot be told to end: kill -TERM it as its owner, in its own pid namespace");
            assertThat(Residue.brokers(directory)).containsExactly(broker);
            assertThat(domain.objects()).isEmpty();
        }
    }

    private Child start(String life) {
        return Child.start(IN_A_NAMESPACE, List.of(), Actor.class, directory.toString(), "pids", life);
    }

    /** The process that unshare has started. */
    private static ProcessHandle jvm(Child child) {
        return child.process().children().findFirst().orElseThrow();
    }

    private static String innermostPid(Child child) throws IOException {
        String line = Files.readAllLines(Path.of("/proc/" + jvm(child).pid() + "/status")).stream()
                .filter(status -> status.startsWith("NSpid:"))
                .findFirst()
                .orElseThrow();
        return line.substring(line.lastIndexOf('\t') + 1);
    }
}
