package io.hybridsync.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Objects;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What gets kill points. */
class InstrumentedTest {

    @TempDir
    Path files;

    /** A class that uses memory as no class of the library may. */
    static final class Careless {

        private Careless() {}

        static long read(MemorySegment memory) {
            return memory.get(ValueLayout.JAVA_LONG, 0);
        }
    }

    @Test
    void everyAccessOfEveryClassHasPoints() {
        Instrumented instrumented = new Instrumented();
        instrumented.writeTo(files.resolve("library.jar"));
        assertThat(instrumented.sites().get("MappedCell")).as("load, compareAndSet, store, and what has come since").isGreaterThan(2);
        assertThat(instrumented.sites()).containsEntry("Libc", 1);
        assertThat(instrumented.sites()).containsKeys("ParkedWord", "CancelWord", "Dispatcher");
    }

    @Test
    void theJarIsTheWholeLibrary() throws IOException {
        Path path = files.resolve("library.jar");
        new Instrumented().writeTo(path);
        try (JarFile jar = new JarFile(path.toFile())) {
            assertThat(jar.getEntry("io/hybridsync/broker/BrokerProcess.class")).isNotNull();
            assertThat(jar.getEntry("io/hybridsync/chaos/KillPoints.class")).isNotNull();
            assertThat(jar.getEntry("arch/x86_64.properties")).isNotNull();
        }
    }

    @Test
    void anAccessWithoutAVarHandleIsRefused() throws IOException {
        String name = Careless.class.getName().replace('.', '/') + ".class";
        try (InputStream content = Objects.requireNonNull(Careless.class.getClassLoader().getResourceAsStream(name))) {
            byte[] bytes = content.readAllBytes();
            assertThatThrownBy(() -> new Instrumented().withPoints(bytes))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Careless uses a segment without a VarHandle: get");
        }
    }
}
