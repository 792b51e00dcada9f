package io.hybridsync.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OpenFiles.class)
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class ProcessesTest {

    @Test
    void whoThisProcessIs() throws Exception {
        assertThat(Processes.getpid()).isEqualTo(ProcessHandle.current().pid());
        assertThat(ids("Uid:")).startsWith(Processes.getuid(), Processes.geteuid());
        assertThat(ids("Gid:")).startsWith(Processes.getgid(), Processes.getegid());
    }

    static int[] ids(String key) throws Exception {
        String line = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(candidate -> candidate.startsWith(key))
                .findFirst()
                .orElseThrow();
        return line.substring(key.length()).strip().isEmpty()
                ? new int[0]
                : Arrays.stream(line.substring(key.length()).strip().split("\\s+", -1))
                        .mapToInt(Integer::parseInt)
                        .toArray();
    }

    @Test
    void setsidLeadsASessionOnce() throws Exception {
        try (ChildJvm child = ChildJvm.start("setsid")) {
            long pid = child.process().pid();
            assertThat(child.line()).isEqualTo(pid + " " + pid + " EPERM");
            child.kill();
        }
    }

    @Test
    void aPidFdTellsTheEndOfAProcess() throws Exception {
        Process sleep = new ProcessBuilder("sleep", "60").start();
        try (PidFd process = Objects.requireNonNull(PidFd.open((int) sleep.pid()));
                Epoll epoll = Epoll.create()) {
            epoll.add(process.fd(), Linux.EPOLLIN, 5);
            assertThat(process.awaitEnd(0)).isFalse();
            assertThat(epoll.await(0)).isZero();
            sleep.destroyForcibly();
            assertThat(process.awaitEnd(Long.MAX_VALUE)).isTrue();
            assertThat(epoll.await(Long.MAX_VALUE)).isEqualTo(1);
        }
        sleep.waitFor();
        assertThat(PidFd.open((int) sleep.pid())).isNull();
    }
}
