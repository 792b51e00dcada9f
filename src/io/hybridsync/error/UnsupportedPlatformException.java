package io.hybridsync.error;

/**
 * The operating system, the CPU or the JDK is not supported. The message names what was found and what is supported.
 */
public final class UnsupportedPlatformException extends SyncException {

    private static final long serialVersionUID = 1L;

    /** @param message what was asked, what was found, what to do */
    public UnsupportedPlatformException(String message) {
        super(message);
    }

    /**
     * @param message what was asked, what was found, what to do
     * @param cause what the message rests on
     */
    public UnsupportedPlatformException(String message, Throwable cause) {
        super(message, cause);
    }
}
