package io.hybridsync.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.broker.BrokerProcess;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Another broker is to take the place of one that it must not end. That it ends others is seen in the tests of two builds. */
@Timeout(60)
class ReplaceIT {

    private static final String DOMAIN = "replace";

    @TempDir
    Path directory;

    @AfterEach
    void nothingIsLeft() {
        Residue.assertNone(directory);
    }

    @Test
    void anApplicationThatHasTheBrokerOnAThreadIsNotEnded() throws Exception {
        try (Child host = Child.start(Host.class, directory.toString(), DOMAIN)) {
            assertThat(host.hear()).isEqualTo("ready");
            int exit = BrokerProcess.run(new String[] {
                "--name=" + DOMAIN, "--directory=" + directory.resolve(DOMAIN), "--replace"
            });
            assertThat(exit).isEqualTo(BrokerProcess.EXIT_FAILED);
            assertThat(host.process().isAlive()).isTrue();
            assertThat(host.ask("objects")).isEqualTo("objects 0");
            assertThat(host.waitFor()).isZero();
        }
    }
}
