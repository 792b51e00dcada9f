package io.hybridsync.kernel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Objects;
import java.util.function.IntPredicate;

/**
 * Names of files as the kernel knows them, bytes, whatever the locale of this process. A {@link Path} is bytes too, but the
 * ways to it and from it that go through text lose what the locale's encoding lacks; in the locale C all but ASCII. The way
 * through a URI loses nothing, for that one is bytes in escapes. What is ASCII takes the short way.
 */
public final class FileNames {

    private static final String SCHEME = "file://";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final int ESCAPE_BYTES = 3;
    private static final int DELETE = 0x7f;

    private FileNames() {}

    /**
     * The bytes of a path, made absolute.
     *
     * @throws IllegalArgumentException when it belongs to another file system than that of the machine
     */
    public static byte[] bytes(Path path) {
        if (!path.getFileSystem().equals(FileSystems.getDefault())) {
            throw new IllegalArgumentException("path " + path + " is of another file system than the machine's");
        }
        Path absolute = path.toAbsolutePath();
        String text = absolute.toString();
        return isAscii(text) ? text.getBytes(US_ASCII) : bytesOfUri(absolute.toUri().getRawPath());
    }

    /** Of a directory it ends with a slash. */
    private static byte[] bytesOfUri(String rawPath) {
        boolean slash = rawPath.length() > 1 && rawPath.endsWith("/");
        return unescapedBytes(slash ? rawPath.substring(0, rawPath.length() - 1) : rawPath);
    }

    /** The path of a name, in UTF-8, in a directory. */
    public static Path child(Path directory, String name) {
        if (isAscii(name)) {
            return directory.resolve(name);
        }
        ByteArrayOutputStream path = new ByteArrayOutputStream();
        path.writeBytes(bytes(directory));
        path.write('/');
        path.writeBytes(name.getBytes(UTF_8));
        return path(path.toByteArray());
    }

    private static Path path(byte[] bytes) {
        String text = new String(bytes, ISO_8859_1);
        return isAscii(text) ? Path.of(text) : Path.of(URI.create(SCHEME + escaped(bytes, FileNames::isPlainInUri)));
    }

    /**
     * The last name of a path.
     *
     * @throws IllegalArgumentException when it is not in UTF-8
     */
    public static String lastName(Path path) {
        Path name = Objects.requireNonNull(path.getFileName(), "path has no name");
        if (isAscii(name.toString())) {
            return name.toString();
        }
        byte[] all = bytes(path);
        int slash = new String(all, ISO_8859_1).lastIndexOf('/');
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(all, slash + 1, all.length - slash - 1)).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("the last name of " + text(path) + " is not in UTF-8", e);
        }
    }

    /** A path for people to read. */
    public static String text(Path path) {
        return new String(bytes(path), UTF_8);
    }

    /** A path as printable ASCII: each other byte, and each %, as % and two hexadecimal digits. */
    public static String escaped(Path path) {
        return escaped(bytes(path), FileNames::isPlainInArgument);
    }

    /** A text as {@link #escaped(Path)}, of its bytes in UTF-8. */
    public static String escaped(String text) {
        return escaped(text.getBytes(UTF_8), FileNames::isPlainInArgument);
    }

    /** The text that {@link #escaped(String)} was given. A % without two hexadecimal digits is one. */
    public static String unescaped(String escaped) {
        return escaped.indexOf('%') < 0 ? escaped : new String(unescapedBytes(escaped), UTF_8);
    }

    /** The path that {@link #escaped(Path)} was given. */
    public static Path unescapedPath(String escaped) {
        return escaped.indexOf('%') < 0 ? Path.of(escaped) : path(unescapedBytes(escaped));
    }

    private static String escaped(byte[] bytes, IntPredicate plain) {
        StringBuilder escaped = new StringBuilder(bytes.length);
        for (byte b : bytes) {
            if (plain.test(b)) {
                escaped.append((char) b);
            } else {
                escaped.append('%').append(HEX.toHexDigits(b));
            }
        }
        return escaped.toString();
    }

    private static byte[] unescapedBytes(String escaped) {
        byte[] from = escaped.getBytes(UTF_8);
        ByteArrayOutputStream to = new ByteArrayOutputStream(from.length);
        int i = 0;
        while (i < from.length) {
            if (isEscape(from, i)) {
                to.write(HexFormat.fromHexDigits(new String(from, i + 1, ESCAPE_BYTES - 1, ISO_8859_1)));
                i += ESCAPE_BYTES;
            } else {
                to.write(from[i++]);
            }
        }
        return to.toByteArray();
    }

    private static boolean isEscape(byte[] text, int at) {
        return text[at] == '%'
                && at + ESCAPE_BYTES <= text.length
                && HexFormat.isHexDigit(text[at + 1])
                && HexFormat.isHexDigit(text[at + 2]);
    }

    private static boolean isPlainInArgument(int b) {
        return b >= ' ' && b < DELETE && b != '%';
    }

    private static boolean isPlainInUri(int b) {
        return b == '/' || b == '-' || b == '.' || b == '_' || (b < DELETE && b > 0 && Character.isLetterOrDigit(b));
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < DELETE);
    }
}
