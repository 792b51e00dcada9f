package io.hybridsync.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.hybridsync.word.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "a/b", ".", "..", " ", "漢字", "\uD83D\uDE00", "new\nline"})
    void objectsHaveOpaqueNames(String name) {
        assertThat(Names.checkObject(name)).isSameAs(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\0b", "\uD83D", "\uDE00x"})
    void theseAreNoNames(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> Names.checkObject(name));
        assertThatIllegalArgumentException().isThrownBy(() -> Names.checkDomain(name));
    }

    @Test
    void lengthsCountBytesOfUtf8() {
        assertThat(Names.checkObject("é".repeat(511) + "e")).hasSize(512);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Names.checkObject("é".repeat(512)))
                .withMessageContaining("1 to 1023 bytes")
                .withMessageContaining("1024");
        assertThat(Names.checkDomain("é".repeat(100))).hasSize(100);
        assertThatIllegalArgumentException().isThrownBy(() -> Names.checkDomain("e" + "é".repeat(100)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "/", ".", ".."})
    void domainsNameADirectory(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> Names.checkDomain(name));
    }

    @Test
    @SuppressWarnings("NullAway") // what a caller without the checker may do
    void nullIsNamed() {
        assertThatNullPointerException().isThrownBy(() -> Names.checkObject(null)).withMessage("name");
        assertThatNullPointerException().isThrownBy(() -> Names.checkDomain(null)).withMessage("name");
    }

    @Test
    void tokensAreTextAndBack() {
        Token token = new Token(0x0123456789abcdefL, -2);
        assertThat(token).hasToString("0123456789abcdeffffffffffffffffe");
        assertThat(Token.parse(token.toString())).isEqualTo(token);
        assertThatIllegalArgumentException().isThrownBy(() -> Token.parse("0123"));
        assertThatIllegalArgumentException().isThrownBy(() -> Token.parse("x".repeat(32)));
    }

    @Test
    void aSpecIsRefusedWhereItsPartsDoNotFit() {
        assertThat(new Spec(Kind.SEMAPHORE, 3, 3, Spec.FAIR).has(Spec.FAIR)).isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> new Spec(Kind.SEMAPHORE, 0, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Spec(Kind.SEMAPHORE, -1, 1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Spec(Kind.SEMAPHORE, 2, 1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Spec(Kind.MUTEX, 0, 2, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Spec(Kind.EVENT, 0, 1, Spec.ADOPT));
        assertThatIllegalArgumentException().isThrownBy(() -> new Spec(Kind.SEMAPHORE, 0, 1, 1 << 20));
        assertThatIllegalArgumentException().isThrownBy(() ->
                new Message.Open(1, Mode.OPEN, Kind.EVENT, "a", Spec.existing(Kind.MUTEX), false));
        assertThatIllegalArgumentException().isThrownBy(() ->
                new Message.Open(1, Mode.OPEN, Kind.EVENT, "", Spec.existing(Kind.EVENT), false));
    }
}
