package io.hybridsync.wire;

/**
 * The version of the protocol. Peers of one major version work together and use what the lower of their minor versions
 * knows; another major version is refused, and both are named.
 */
public final class Version {

    /** Changes when old and new cannot understand each other. */
    public static final int MAJOR = 1;

    /** Changes when something is added that the other side need not know. */
    public static final int MINOR = 0;

    private Version() {}

    /** The minor version that both sides know. */
    public static int common(int minor) {
        return Math.min(MINOR, minor);
    }
}
