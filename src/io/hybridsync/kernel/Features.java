package io.hybridsync.kernel;

/**
 * What the running kernel has beyond the oldest that the library works on. Probed once; ENOSYS and EPERM (a seccomp
 * filter) both mean absent. Each feature is switched off by the system property {@code
 * hybridsync.kernel.<feature>=off}, so that its fallback can be tested.
 *
 * @param futexWaitv one thread can sleep on several words (Linux 5.16)
 * @param memfdNoexecSeal shared memory can be made non-executable for good (Linux 6.3)
 * @param pidfd a process's end can be polled for (Linux 5.3)
 * @param membarrier one thread can make all others of the process pass a fence (Linux 4.14)
 */
public record Features(boolean futexWaitv, boolean memfdNoexecSeal, boolean pidfd, boolean membarrier) {

    private static final class Probed {
        static final Features CURRENT = probe();
    }

    /** Those of the running kernel, less those that are switched off. */
    public static Features current() {
        return Probed.CURRENT;
    }

    static Features probe() {
        return new Features(
                isOn("futexWaitv") && hasFutexWaitv(),
                isOn("memfdNoexecSeal") && hasMemfdNoexecSeal(),
                isOn("pidfd") && hasPidfd(),
                isOn("membarrier") && Membarrier.isKnown());
    }

    private static boolean isOn(String feature) {
        return !System.getProperty("hybridsync.kernel.".concat(feature), "on").equals("off");
    }

    /** Waiting for no words at all is refused with EINVAL by a kernel that knows the call. */
    private static boolean hasFutexWaitv() {
        return SystemCall.FUTEX_WAITV.call() == -Errno.EINVAL;
    }

    private static boolean hasMemfdNoexecSeal() {
        long result = Memfd.rawCreate("hybrid-sync:probe", Linux.MFD_CLOEXEC | Linux.MFD_NOEXEC_SEAL);
        return closeProbe(result);
    }

    private static boolean hasPidfd() {
        return closeProbe(SystemCall.PIDFD_OPEN.call(Processes.getpid(), 0));
    }

    private static boolean closeProbe(long result) {
        if (result >= 0) {
            new Fd((int) result).close();
        }
        return result >= 0;
    }

    /** One line for logs and bug reports: each feature, and whether it is there, absent or switched off. */
    public String report() {
        return "futexWaitv " + state("futexWaitv", futexWaitv)
                + ", memfdNoexecSeal " + state("memfdNoexecSeal", memfdNoexecSeal)
                + ", pidfd " + state("pidfd", pidfd)
                + ", membarrier " + state("membarrier", membarrier);
    }

    private static String state(String feature, boolean present) {
        if (present) {
            return "yes";
        }
        return isOn(feature) ? "absent" : "off";
    }
}
