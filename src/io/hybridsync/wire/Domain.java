package io.hybridsync.wire;

import io.hybridsync.error.AccessDeniedException;
import io.hybridsync.error.KernelException;
import io.hybridsync.kernel.Errno;
import io.hybridsync.kernel.FileNames;
import io.hybridsync.kernel.Processes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A domain by its name, and the places where its directory may be.
 *
 * <p>Processes of one user have to meet whatever environment they were given, by ssh, cron or su: the places are fixed.
 *
 * <pre>
 *   asked for, or HYBRID_SYNC_DIR     PARENT/DOMAIN                          and nowhere else
 *   1st                               /run/user/UID/hybrid-sync/DOMAIN       if /run/user/UID is there, and ours
 *   2nd                               /tmp/hybrid-sync-UID/DOMAIN
 * </pre>
 *
 * <p>The first may exist only while a login lasts, so a living broker has to be looked for in both, {@link #find},
 * before one is started in the directory that {@link #make} gives.
 */
public final class Domain {

    /** The environment variable that names the parent of all domains' directories. */
    public static final String PARENT_VARIABLE = "HYBRID_SYNC_DIR";

    /** How often somebody may remove a directory that is about to be used. */
    private static final int ATTEMPTS = 100;

    private final String name;
    private final List<Place> places;

    Domain(String name, List<Place> places) {
        this.name = name;
        this.places = places;
    }

    /**
     * The domain of a name, wherever it is.
     *
     * @param name 1 to 200 bytes of UTF-8, see {@link Names#checkDomain}
     * @param parent the parent of the domain's directory, or null for HYBRID_SYNC_DIR or else the default places
     * @throws IllegalArgumentException when the name is none
     */
    public static Domain of(String name, @Nullable Path parent) {
        Names.checkDomain(name);
        String variable = System.getenv(PARENT_VARIABLE);
        if (parent == null && variable != null && !variable.isEmpty()) {
            parent = Path.of(variable);
        }
        int uid = Processes.geteuid();
        List<Place> places =
                parent == null ? defaults(uid, Path.of("/run/user"), Path.of("/tmp")) : explicit(uid, parent);
        return new Domain(name, places);
    }

    /**
     * The domain whose directory is, or was, at a path: what a process that has the domain open tells another.
     *
     * @param name 1 to 200 bytes of UTF-8, see {@link Names#checkDomain}
     * @param directory as {@link DomainDirectory#path} gives it
     * @throws IllegalArgumentException when the name is none, or the directory cannot be that domain's
     */
    public static Domain at(String name, Path directory) {
        Names.checkDomain(name);
        Path parent = directory.getParent();
        if (parent == null || !FileNames.child(parent, name).equals(directory)) {
            throw new IllegalArgumentException(
                    "the directory of domain %s cannot be %s".formatted(name, FileNames.text(directory)));
        }
        int uid = Processes.geteuid();
        List<Place> defaults = defaults(uid, Path.of("/run/user"), Path.of("/tmp"));
        boolean isDefault = defaults.stream().anyMatch(place -> place.path().equals(parent));
        return new Domain(name, isDefault ? preferring(parent, defaults) : explicit(uid, parent));
    }

    /** The same places: where the domain is, or was, comes first. */
    static List<Place> preferring(Path parent, List<Place> places) {
        return places.stream()
                .sorted(Comparator.comparing(place -> !place.path().equals(parent)))
                .toList();
    }

    static List<Place> explicit(int uid, Path parent) {
        return List.of(Place.explicit(new Trust(uid), parent));
    }

    static List<Place> defaults(int uid, Path runUser, Path temporary) {
        Trust trust = new Trust(uid);
        return List.of(
                Place.ofLogin(trust, runUser.resolve(Integer.toUnsignedString(uid))),
                Place.temporary(trust, temporary, "hybrid-sync-" + Integer.toUnsignedString(uid)));
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /**
     * The domain's directories that exist, the preferred one first; the caller closes them.
     *
     * @throws AccessDeniedException when what is there must not be trusted
     */
    public List<DomainDirectory> find() {
        List<DomainDirectory> found = new ArrayList<>();
        try {
            for (Place place : places) {
                DomainDirectory directory = unlessGone(place, false);
                if (directory != null) {
                    found.add(directory);
                }
            }
            return found;
        } catch (RuntimeException e) {
            found.forEach(DomainDirectory::close);
            throw e;
        }
    }

    /**
     * The domain's directory in the first place that there is, made if it is missing; the caller closes it.
     *
     * @throws AccessDeniedException when what is there must not be trusted, or nothing can be made there
     */
    public DomainDirectory make() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            for (Place place : places) {
                DomainDirectory directory = unlessGone(place, true);
                if (directory != null) {
                    return directory;
                }
            }
        }
        throw new AccessDeniedException("The directory of domain " + name + " cannot be made in any of " + places
                + ", or is removed as often as it is made.");
    }

    /** Whoever ends as the last one of a domain removes its directory, at any moment: then it is not there. */
    private @Nullable DomainDirectory unlessGone(Place place, boolean make) {
        try {
            return place.open(this, make);
        } catch (KernelException e) {
            if (e.errno() == Errno.ENOENT) {
                return null;
            }
            throw e;
        }
    }

    @Override
    public String toString() {
        return "domain " + name;
    }
}
