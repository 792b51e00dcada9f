package io.hybridsync.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.kernel.Needed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An uncontended acquire and release make no system call: strace counts. */
@Timeout(120)
class SystemCallsIT {

    private static final int PAIRS = 20_000;

    @TempDir
    Path directory;

    @Test
    void anUncontendedPairMakesNoSystemCall() throws IOException {
        assertThat(callsBetweenMarks("quiet")).isEmpty();
    }

    @Test
    void theCountSeesTheWakeOfAReleaseThatFindsWaiters() throws IOException {
        assertThat(callsBetweenMarks("waiters")).isNotEmpty().allMatch(call -> call.contains("futex"));
    }

    /** What the main thread called between its marks. Interpreted, so that it does not tell the compiler threads anything. */
    private List<String> callsBetweenMarks(String mode) throws IOException {
        Needed.program("strace");
        Path domains = Files.createDirectory(directory.resolve("domains"));
        Path trace = directory.resolve("trace");
        List<String> strace = List.of("strace", "-f", "-qq", "-o", trace.toString());
        try (Child child = Child.start(
                strace, List.of("-Xint"), UncontendedPairs.class, domains.toString(), "" + PAIRS, mode)) {
            assertThat(child.waitFor()).isZero();
        }
        List<String> lines = Files.readAllLines(trace);
        int begin = indexOf(lines, UncontendedPairs.BEGIN);
        int end = indexOf(lines, UncontendedPairs.END);
        String thread = lines.get(begin).split(" ", 2)[0] + " ";
        return lines.subList(begin + 1, end).stream()
                .filter(line -> line.startsWith(thread))
                .toList();
    }

    private static int indexOf(List<String> lines, String mark) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).contains(mark)) {
                return i;
            }
        }
        throw new AssertionError("strace did not see " + mark);
    }
}
