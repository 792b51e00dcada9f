package io.hybridsync.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedWorkTest {

    @TempDir
    Path directory;

    @TempDir
    Path shared;

    @Test
    void anyNameOfAFileGetsThroughTheList() throws IOException {
        for (String name : List.of("plain", "caf%E9", "caf%C3%A9", "a%0Db", "a%0Ab", "%20", "%25", "a%1B[31m")) {
            Files.createFile(Path.of(URI.create(directory.toUri() + name.replace("[", "%5B"))));
        }
        Scan scan = Scan.of(directory);
        assertThat(scan.skipped()).isEmpty();
        List<Path> files = scan.files().stream().map(Scan.Found::path).toList();
        try (SharedWork made = SharedWork.create(shared, files);
                SharedWork opened = new SharedWork(shared)) {
            Set<Path> taken = new TreeSet<>();
            for (int index = opened.take(); index >= 0; index = opened.take()) {
                assertThat(opened.file(index)).isEqualTo(files.get(index)).exists();
                taken.add(opened.file(index));
            }
            assertThat(taken).hasSize(8);
            assertThat(made.taken()).isEqualTo(8);
        }
    }

    @Test
    void whatIsHalfTakenIsSeenAndUndone() throws IOException {
        try (SharedWork dead = SharedWork.create(shared, List.of(directory, directory));
                SharedWork next = new SharedWork(shared)) {
            assertThat(dead.take()).isZero();
            next.requireWhole();
            assertThat(dead.beginTaking()).isEqualTo(1);
            assertThatThrownBy(next::requireWhole).isInstanceOf(IOException.class).hasMessageContaining("half done");
            next.repair();
            next.requireWhole();
            assertThat(next.repairs()).isEqualTo(1);
            assertThat(next.take()).isEqualTo(1);
            assertThat(next.take()).isEqualTo(-1);
        }
    }

    @Test
    void aRepairWithoutAHalfDoneChangeIsRefused() throws IOException {
        try (SharedWork work = SharedWork.create(shared, List.of(directory))) {
            assertThatThrownBy(work::repair).isInstanceOf(IOException.class).hasMessageContaining("the journal says");
            assertThat(work.repairs()).isZero();
        }
    }

    @Test
    void theListMayEndWhileSomethingIsHalfTaken() throws IOException {
        try (SharedWork work = SharedWork.create(shared, List.of())) {
            work.beginTaking();
            assertThat(work.taken()).isZero();
            work.repair();
            assertThat(work.take()).isEqualTo(-1);
        }
    }

    @Test
    void aResultIsOneLine() throws IOException {
        try (SharedWork work = SharedWork.create(shared, List.of(directory))) {
            work.append(0, "-no such file: a\rb\nc\u0085d");
            work.append(7, "f00");
            assertThat(work.results()).containsExactly("0 -no such file: a?b?c?d", "7 f00");
        }
    }
}
