package io.hybridsync.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class FileNamesTest {

    @Test
    void plainAsciiStaysAsItIsInAnArgument() {
        String plain = "/tmp/a b/!\"#$&'()*+,-.:;<=>?@[]^_`{|}~\\";
        assertThat(FileNames.escaped(plain)).isEqualTo(plain);
        assertThat(FileNames.escaped(Path.of(plain))).isEqualTo(plain);
        assertThat(FileNames.unescaped("50% of %zz%")).isEqualTo("50% of %zz%");
    }

    @Test
    void theRestIsEscaped() {
        assertThat(FileNames.escaped("50%, Größe\n")).isEqualTo("50%25, Gr%C3%B6%C3%9Fe%0A");
        assertThat(FileNames.unescaped("50%25, Gr%C3%B6%c3%9Fe%0A")).isEqualTo("50%, Größe\n");
    }

    @Property
    void whatIsEscapedComesBack(@ForAll String text) {
        String wellFormed = new String(text.getBytes(UTF_8), UTF_8);
        assertThat(FileNames.escaped(text)).matches("[ -~]*");
        assertThat(FileNames.unescaped(FileNames.escaped(text))).isEqualTo(wellFormed);
    }

    /** Bytes that are no text in any locale that is UTF-8. */
    @Test
    void aPathMayBeAnyBytes() {
        Path path = Path.of(URI.create("file:///tmp/%E9%25/%ff"));
        assertThat(FileNames.bytes(path)).containsExactly('/', 't', 'm', 'p', '/', 0xe9, '%', '/', 0xff);
        assertThat(FileNames.escaped(path)).isEqualTo("/tmp/%E9%25/%FF");
        assertThat(FileNames.unescapedPath("/tmp/%E9%25/%FF")).isEqualTo(path);
        assertThat(FileNames.child(path, "ö")).isEqualTo(Path.of(URI.create("file:///tmp/%E9%25/%ff/%C3%B6")));
        assertThatThrownBy(() -> FileNames.lastName(path)).isInstanceOf(IllegalArgumentException.class);
        assertThat(FileNames.lastName(FileNames.child(path, "ö"))).isEqualTo("ö");
    }

    /** The URI of a directory ends with a slash, its path does not. */
    @Test
    void aDirectoryIsNamedAsAnythingElse() {
        assertThat(FileNames.bytes(Path.of("/"))).containsExactly('/');
        assertThat(FileNames.bytes(Path.of("/tmp"))).containsExactly('/', 't', 'm', 'p');
    }
}
