package io.hybridsync.wire;

import io.hybridsync.error.AccessDeniedException;
import io.hybridsync.error.KernelException;
import io.hybridsync.kernel.Directory;
import io.hybridsync.kernel.Errno;
import io.hybridsync.kernel.FileNames;
import io.hybridsync.kernel.Stat;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * One place where domains live: a base directory, perhaps a directory of ours in it, and in that one a directory for
 * each domain. Each step goes through the handle of the step before, and is checked on the handle, so that nobody can
 * put something else there between the look and the use.
 */
final class Place {

    private static final int PRIVATE = 0700;
    private static final int SHARED = 0770;

    /** What to make of a base that is missing, or is not ours. */
    private enum Base {
        /** Somebody asked for it: make it; refuse it. */
        ASKED_FOR,
        /** Not the place. */
        OF_LOGIN,
        /** Always there: not the place; refuse it. */
        OF_ALL
    }

    private final Trust trust;
    private final Path base;
    private final @Nullable String home;
    private final Base kind;

    private Place(Trust trust, Path base, @Nullable String home, Base kind) {
        this.trust = trust;
        this.base = base;
        this.home = home;
        this.kind = kind;
    }

    /** The parent that somebody asked for. Its mode and group decide who shares its domains. */
    static Place explicit(Trust trust, Path parent) {
        return new Place(trust, parent.toAbsolutePath().normalize(), null, Base.ASKED_FOR);
    }

    /** The directory that exists while its user is logged in. */
    static Place ofLogin(Trust trust, Path runtime) {
        return new Place(trust, runtime, "hybrid-sync", Base.OF_LOGIN);
    }

    /** A directory of ours in one that everybody may write to. */
    static Place temporary(Trust trust, Path base, String home) {
        return new Place(trust, base, home, Base.OF_ALL);
    }

    /**
     * The directory of a domain, if it exists or is to be made.
     *
     * @throws KernelException with ENOENT when somebody removes a part of the path meanwhile
     */
    @Nullable DomainDirectory open(Domain domain, boolean make) {
        Directory opened = openBase(make);
        if (opened == null) {
            return null;
        }
        try (opened) {
            if (home == null) {
                return openDomain(domain, opened, make);
            }
            try (Directory inner = openChild(opened, home, make)) {
                return inner == null ? null : openDomain(domain, trust.requireOurs(inner, PRIVATE), make);
            }
        }
    }

    private @Nullable Directory openBase(boolean make) {
        try {
            Directory opened = make && kind == Base.ASKED_FOR ? openOrMake(base) : Directory.open(base);
            return checkedBase(opened);
        } catch (KernelException e) {
            if (e.errno() == Errno.ENOENT) {
                return null;
            }
            throw e;
        }
    }

    private @Nullable Directory checkedBase(Directory opened) {
        if (kind == Base.OF_LOGIN && !trust.isPrivate(opened.stat())) {
            opened.close();
            return null;
        }
        return trust.requireParent(opened);
    }

    private static Directory openOrMake(Path path) {
        try {
            return Directory.open(path);
        } catch (KernelException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
        }
        try (Directory parent = openOrMake(Objects.requireNonNull(path.getParent()))) {
            String name = FileNames.lastName(path);
            makePrivate(parent, name);
            return parent.child(name);
        }
    }

    private @Nullable DomainDirectory openDomain(Domain domain, Directory parent, boolean make) {
        boolean shared = home == null && Trust.isShared(parent.stat());
        Directory directory = shared ? openShared(parent, domain.name(), make) : openChild(parent, domain.name(), make);
        if (directory == null) {
            return null;
        }
        if (shared) {
            trust.requireShared(directory, parent.stat().gid());
        } else {
            trust.requireOurs(directory, PRIVATE);
        }
        return new DomainDirectory(domain, directory, shared);
    }

    private static @Nullable Directory openChild(Directory parent, String name, boolean make) {
        if (make && parent.statChild(name) == null) {
            makePrivate(parent, name);
        }
        return parent.statChild(name) == null ? null : parent.child(name);
    }

    private static void makePrivate(Directory parent, String name) {
        try {
            if (parent.makeChild(name, PRIVATE)) {
                parent.chmod(name, PRIVATE);
            }
        } catch (AccessDeniedException e) {
            throw Trust.notWritable(parent, e);
        }
    }

    /** What others share must not be seen before it has its group and its mode, for they would refuse it. */
    private static @Nullable Directory openShared(Directory parent, String name, boolean make) {
        if (make && parent.statChild(name) == null) {
            String temporary = temporaryName();
            makePrivate(parent, temporary);
            try {
                parent.chown(temporary, -1, parent.stat().gid());
                parent.chmod(temporary, SHARED);
                parent.rename(temporary, name);
            } catch (KernelException e) {
                if (e.errno() != Errno.ENOTEMPTY && e.errno() != Errno.EEXIST) {
                    throw e;
                }
            } finally {
                parent.remove(temporary);
            }
        }
        Stat stat = parent.statChild(name);
        return stat == null ? null : parent.child(name);
    }

    /** Longer than the name of any domain. */
    private static String temporaryName() {
        String random = Long.toHexString(ThreadLocalRandom.current().nextLong());
        return "new-" + random + "-".repeat(Names.DOMAIN_BYTES);
    }

    /** The parent of the domains' directories. */
    Path path() {
        return home == null ? base : base.resolve(home);
    }

    @Override
    public String toString() {
        return FileNames.text(path());
    }
}
