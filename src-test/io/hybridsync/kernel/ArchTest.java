package io.hybridsync.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.UnsupportedPlatformException;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArchTest {

    static final String[] CPUS = {"x86_64", "aarch64", "ppc64le"};

    private static final Set<String> CONSTANTS = Set.of(
            "O_DIRECTORY", "O_NOFOLLOW", "SO_PEERCRED", "sizeof.epoll_event", "offsetof.epoll_event.data");

    /** So no key is missing on a CPU that nobody here has, and none is dead. */
    @ParameterizedTest
    @ValueSource(strings = {"x86_64", "aarch64", "ppc64le"})
    void everyTableHasExactlyTheKeysThatAreUsed(String cpu) {
        Set<String> used = Arrays.stream(SystemCall.values())
                .map(SystemCall::key)
                .collect(Collectors.toCollection(TreeSet::new));
        used.addAll(CONSTANTS);
        Arch arch = Arch.of("Linux", cpu);
        assertThat(arch.keys()).isEqualTo(used);
        assertThat(arch.keys()).allSatisfy(key -> assertThat(arch.get(key)).isNotNegative());
    }

    @Test
    void whatTheJdkCallsAmd64IsX86_64() {
        assertThat(Arch.of("Linux", "amd64").cpu()).isEqualTo("x86_64");
    }

    @Test
    void thisMachineHasATable() {
        assertThat(Arch.current().get("__NR_close")).isPositive();
        assertThat(Arch.current()).isSameAs(Arch.current());
    }

    @ParameterizedTest
    @CsvSource({"Mac OS X, aarch64", "Windows 11, amd64", "Linux, s390x", "Linux, ppc64", "Linux, i386"})
    void anythingElseIsRefusedByNamingWhatIsSupported(String os, String cpu) {
        assertThatThrownBy(() -> Arch.of(os, cpu))
                .isInstanceOf(UnsupportedPlatformException.class)
                .hasMessageContainingAll("Linux", "x86_64", "aarch64", "ppc64le", os + " on " + cpu);
    }

    @Test
    void anUnknownKeyIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Arch.current().get("O_NONSENSE"))
                .withMessageContaining("O_NONSENSE");
    }
}
