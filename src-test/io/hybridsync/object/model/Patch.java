package io.hybridsync.object.model;

/**
 * One change of a source. The snippet must be there exactly once, so that the change cannot outlive what it changes.
 *
 * @param file without the package they share, for example {@code object/Wait}
 * @param snippet what is there
 * @param replacement what is there instead
 */
public record Patch(String file, String snippet, String replacement) {

    /** The source with the change. */
    public String apply(String source) {
        int at = source.indexOf(snippet);
        if (at < 0 || source.indexOf(snippet, at + 1) >= 0) {
            throw new IllegalStateException("not exactly once in " + file + ": " + snippet);
        }
        return source.replace(snippet, replacement);
    }
}
