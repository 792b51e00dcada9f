package io.hybridsync.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.error.AccessDeniedException;
import io.hybridsync.error.KernelException;
import io.hybridsync.error.LimitExceededException;
import java.lang.reflect.Field;
import org.junit.jupiter.api.Test;

class ErrnoTest {

    @Test
    void everyNumberKnowsItsName() throws IllegalAccessException {
        for (Field field : Errno.class.getFields()) {
            assertThat(Errno.name(field.getInt(null))).isEqualTo(field.getName());
        }
    }

    @Test
    void numbersAreDescribedAsCallsReturnThem() {
        assertThat(Errno.name(-Errno.EAGAIN)).isEqualTo("EAGAIN");
        assertThat(Errno.describe(-Errno.EAGAIN)).isEqualTo("EAGAIN (11): try again");
        assertThat(Errno.describe(4000)).isEqualTo("errno 4000 (4000): see errno(3)");
    }

    @Test
    void limitsAndPermissionsHaveTheirOwnExceptions() {
        assertThat(Failure.of(-Errno.EMFILE, "open", "x", 3))
                .isInstanceOf(LimitExceededException.class)
                .hasMessageContainingAll("open(x, 3)", "EMFILE", "ulimit -n");
        assertThat(Failure.of(-Errno.ENFILE, "c")).isInstanceOf(LimitExceededException.class);
        assertThat(Failure.of(-Errno.ENOMEM, "c"))
                .isInstanceOf(LimitExceededException.class)
                .hasMessageContaining("vm.max_map_count");
        assertThat(Failure.of(-Errno.EACCES, "c")).isInstanceOf(AccessDeniedException.class);
        assertThat(Failure.of(-Errno.EPERM, "c")).isInstanceOf(AccessDeniedException.class);
        assertThat(Failure.of(-Errno.EBADF, "c"))
                .isInstanceOfSatisfying(KernelException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EBADF));
    }
}
