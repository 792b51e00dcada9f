package io.hybridsync.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test that leaves a descriptor of a kind that this room makes open. */
public final class OpenFiles implements BeforeEachCallback, AfterEachCallback {

    private static final Path FDS = Path.of("/proc/self/fd");

    private List<String> before = List.of();

    @Override
    public void beforeEach(ExtensionContext context) throws InterruptedException {
        Features.current();
        awaitClosed();
        before = now();
    }

    @Override
    public void afterEach(ExtensionContext context) throws InterruptedException {
        awaitClosed();
        assertThat(now()).as("open files after the test").isEqualTo(before);
    }

    /** Waits until everything is closed that others have sent, and that was. */
    public static void awaitClosed() throws InterruptedException {
        Closer.ours().awaitIdle();
    }

    /** What is open, sorted: memfds, sockets, epoll, event and pid descriptors, files in temporary directories. */
    public static List<String> now() {
        try (Stream<Path> fds = Files.list(FDS)) {
            return fds.map(OpenFiles::target).filter(OpenFiles::isOurs).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A descriptor may be closed between the listing and this look. */
    private static String target(Path fd) {
        try {
            return Files.readSymbolicLink(fd).toString();
        } catch (IOException e) {
            return "";
        }
    }

    private static boolean isOurs(String target) {
        return Stream.of("/memfd:", "socket:", "anon_inode:", "/tmp/").anyMatch(target::startsWith)
                && !target.endsWith(".jar");
    }

    /** The open flags of a descriptor, as the kernel tells them. */
    static int flags(Fd fd) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/fdinfo/" + fd.value()))) {
            String flags = lines.filter(line -> line.startsWith("flags:")).findFirst().orElseThrow();
            return Integer.parseInt(flags.substring("flags:".length()).strip(), 8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
