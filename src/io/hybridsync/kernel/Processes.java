package io.hybridsync.kernel;

/** Who this process is. */
public final class Processes {

    private Processes() {}

    /** The id of this process in its own pid namespace. */
    public static int getpid() {
        return (int) SystemCall.GETPID.call();
    }

    /** The real user id. */
    public static int getuid() {
        return (int) SystemCall.GETUID.call();
    }

    /** The effective user id: who owns the files that this process makes. */
    public static int geteuid() {
        return (int) SystemCall.GETEUID.call();
    }

    /** The real group id. */
    public static int getgid() {
        return (int) SystemCall.GETGID.call();
    }

    /** The effective group id. */
    public static int getegid() {
        return (int) SystemCall.GETEGID.call();
    }

    /**
     * Makes this process the leader of a new session without a terminal, so that neither Ctrl-C nor a hang-up of its
     * starter's terminal reaches it.
     *
     * @return the session's id, or -EPERM if the process leads a process group already
     */
    public static int setsid() {
        return (int) SystemCall.SETSID.call();
    }
}
