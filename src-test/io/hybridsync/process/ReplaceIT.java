package io.hybridsync.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.broker.BrokerProcess;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
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

    /** What a broker says that refuses to replace another one. */
    private String refusal() {
        PrintStream before = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            int exit = BrokerProcess.run(new String[] {
                "--name=" + DOMAIN, "--directory=" + directory.resolve(DOMAIN), "--replace"
            });
            assertThat(exit).isEqualTo(BrokerProcess.EXIT_FAILED);
        } finally {
            System.setErr(before);
        }
        return said.toString(StandardCharsets.UTF_8);
    }

    /** Whatever its command line says. */
    @Test
    void anApplicationThatHasTheBrokerOnAThreadIsNotEnded() throws Exception {
        try (Child host = Child.start(Host.class, directory.toString(), DOMAIN, "broker", BrokerProcess.class.getName())) {
            assertThat(host.hear()).isEqualTo("ready");
            String said = refusal();
            assertThat(said)
                    .contains("is in process " + host.process().pid() + ", which does other things as well: it is not ended.")
                    .contains("End it yourself, or close its domain");
            assertThat(host.process().isAlive()).isTrue();
            assertThat(host.ask("objects")).isEqualTo("objects 0");
            assertThat(host.waitFor()).isZero();
        }
    }
}
