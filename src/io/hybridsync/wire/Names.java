package io.hybridsync.wire;

import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Which names are names. Both sides ask here, so a client refuses what the broker would refuse. */
public final class Names {

    /** The longest name of an object, in bytes of UTF-8. */
    public static final int OBJECT_BYTES = 1023;

    /** The longest name of a domain, in bytes of UTF-8: what leaves room for a suffix in a file name of 255. */
    public static final int DOMAIN_BYTES = 200;

    private Names() {}

    /**
     * The name of an object: 1 to 1023 bytes of UTF-8 without NUL, otherwise opaque.
     *
     * @return the name
     * @throws IllegalArgumentException when it is none
     */
    public static String checkObject(String name) {
        return check("name of an object", Objects.requireNonNull(name, "name"), OBJECT_BYTES);
    }

    /**
     * The name of a domain: 1 to 200 bytes of UTF-8 without NUL and slash, neither "." nor "..", for it names a
     * directory.
     *
     * @return the name
     * @throws IllegalArgumentException when it is none
     */
    public static String checkDomain(String name) {
        check("name of a domain", Objects.requireNonNull(name, "name"), DOMAIN_BYTES);
        if (name.indexOf('/') >= 0 || name.equals(".") || name.equals("..")) {
            throw new IllegalArgumentException(
                    "the name of a domain names a directory: without slash, neither . nor .., unlike " + quote(name));
        }
        return name;
    }

    private static String check(String what, String name, int limit) {
        int bytes = utf8Length(what, name);
        if (bytes == 0 || bytes > limit) {
            throw new IllegalArgumentException(
                    "the %s has 1 to %d bytes of UTF-8, not %d: %s".formatted(what, limit, bytes, quote(name)));
        }
        if (name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the %s has no NUL: %s".formatted(what, quote(name)));
        }
        return name;
    }

    private static int utf8Length(String what, String name) {
        try {
            return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(name)).remaining();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                    "the %s has half of a surrogate pair: %s".formatted(what, quote(name)), e);
        }
    }

    private static String quote(String name) {
        String head = name.length() <= 40 ? name : name.substring(0, 40) + "...";
        return "\"" + head.replaceAll("\\p{Cntrl}", "?") + "\"";
    }
}
