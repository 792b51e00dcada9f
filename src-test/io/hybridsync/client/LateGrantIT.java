package io.hybridsync.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.object.MutexRule;
import io.hybridsync.object.SemaphoreRule;
import io.hybridsync.process.Residue;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The broker's process is stopped for longer than an answer is waited for, and grants something when it goes on, or is killed
 * and the next one does: nobody has it, and it must not be lost.
 */
@Timeout(60)
class LateGrantIT {

    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private Client hasty;
    private Client patient;

    @BeforeEach
    void connect() {
        patient = Client.connect(settings(), LONG);
        hasty = Client.connect(settings(), SHORT);
    }

    @AfterEach
    void nothingIsLeft() {
        hasty.close();
        patient.close();
        Residue.assertNone(directory);
    }

    private Settings settings() {
        return new Settings(
                "late", directory, Duration.ZERO, Duration.ofSeconds(10), false, Optional.of(SpawnedBroker::start));
    }

    private void signal(String signal) throws IOException, InterruptedException {
        List<ProcessHandle> brokers = Residue.brokers(directory);
        assertThat(brokers).hasSize(1);
        Process kill = new ProcessBuilder("kill", "-" + signal, "" + brokers.getFirst().pid()).start();
        assertThat(kill.waitFor()).isZero();
    }

    /** What one has given up, and closed, the other gets, after the broker has dealt with all that the one has said by then. */
    private void assertNotLost(boolean killed) throws Exception {
        Opening theirs = patient.create("permits", Blueprint.semaphore(2, 2).brokerOnly(true));
        Opening mutual = patient.create("lock", Blueprint.mutex(false, false).brokerOnly(true));
        Opening mine = hasty.open("permits", Blueprint.SEMAPHORE, false);
        Opening own = hasty.open("lock", Blueprint.MUTEX, false);
        signal("STOP");
        assertThatThrownBy(() -> mine.handle().await(SemaphoreRule.ACQUIRE, 2, System.nanoTime(), this))
                .isInstanceOf(BrokerUnavailableException.class);
        assertThatThrownBy(() -> own.mutex().tryLock()).isInstanceOf(BrokerUnavailableException.class);
        mine.close();
        own.close();
        signal(killed ? "KILL" : "CONT");
        assertThat(patient.objects()).as("a broker is there").hasSize(2);
        assertThat(hasty.objects()).as("it has heard all questions").hasSize(2);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        assertThat(theirs.handle().await(SemaphoreRule.ACQUIRE, 2, deadline, this)).isTrue();
        assertThat(mutual.mutex().lock(deadline, this)).isTrue();
        assertThat(MutexRule.owner(mutual.handle().value())).isPositive();
        mutual.mutex().unlock();
        theirs.close();
        mutual.close();
        while (!patient.objects().isEmpty()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void whatIsGrantedLateIsGivenBack() throws Exception {
        assertNotLost(false);
    }

    @Test
    void whatTheNextBrokerGrantsLateIsGivenBack() throws Exception {
        assertNotLost(true);
    }
}
