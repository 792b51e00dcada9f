package io.hybridsync.conformance;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** An object of a scenario, and what is to be seen of it. */
final class Prop {

    /** In complaints about what the broker and those who wait tidy up by themselves, some time later. */
    static final String NOT_TIDY = "(not tidy)";

    /** Any maximum will do. */
    static final int ANY_MAXIMUM = -1;

    /** Whether somebody waits for an object at its word. */
    enum Awaited {
        YES,
        NO,
        PERHAPS
    }

    private final String kind;
    private final Place place;
    private final int maximum;
    private String expected;
    private boolean everAwaited;

    Prop(String kind, Place place, int maximum, String expected) {
        this.kind = kind;
        this.place = place;
        this.maximum = maximum;
        this.expected = expected;
    }

    boolean isMutex() {
        return kind.equals("mutex");
    }

    void expect(String state) {
        expected = state;
    }

    void wasAwaited() {
        everAwaited = true;
    }

    /** What is wrong with what the parties see, each null if it has not opened the object; null if nothing is. */
    @Nullable String complaint(Stage.Setting setting, Awaited awaited, @Nullable Look first, @Nullable Look second) {
        Set<Integer> holders = new TreeSet<>();
        if (first != null) {
            holders.add(setting.firstIdentity().client());
        }
        if (second != null) {
            holders.add(setting.secondIdentity().client());
        }
        for (Look look : Arrays.asList(first, second)) {
            String complaint = look == null ? null : complaint(setting, awaited, holders, look);
            if (complaint != null) {
                return complaint + ", expected " + expected + " and seen was " + look;
            }
        }
        return null;
    }

    private @Nullable String complaint(Stage.Setting setting, Awaited awaited, Set<Integer> holders, Look look) {
        Look.Seen seen = Objects.requireNonNull(look.seen());
        if (!look.state().equals(state())) {
            return "the state is " + look.state();
        }
        if (!seen.state().equals(state())) {
            return "to the broker the state is " + seen.state();
        }
        if (!seen.hashValid() || !seen.kind().equalsIgnoreCase(kind)) {
            return "wrong hash or kind";
        }
        if (maximum != ANY_MAXIMUM && seen.maximum() != maximum) {
            return "wrong maximum";
        }
        Stage.Identity owner = owner(setting);
        if (seen.owner() != owner.client() || seen.pid() != owner.pid()) {
            return "the owner is not " + owner;
        }
        if (seen.atBroker() != place.isAtBroker() || !isAmong(holders, seen.group())) {
            return "wrong place or group, of holders " + holders;
        }
        return complaintOfWaiters(awaited, seen);
    }

    private boolean isAmong(Set<Integer> holders, Set<Integer> group) {
        return switch (place) {
            case SHARED -> group.equals(holders);
            case GLOBAL -> group.containsAll(holders);
            default -> true;
        };
    }

    private @Nullable String complaintOfWaiters(Awaited awaited, Look.Seen seen) {
        boolean flagged = seen.waiters() || seen.flags().contains("WAKE_BROKER");
        if (!Set.of("WAKE_BROKER").containsAll(seen.flags())) {
            return "wrong flags";
        }
        if (awaited == Awaited.YES && !flagged) {
            // A release may clear WAITERS and wake all; who has to wait on sets it again.
            return "nobody seems to wait " + NOT_TIDY;
        }
        if (awaited == Awaited.NO && seen.flags().contains("WAKE_BROKER")) {
            return "nobody waits at the broker " + NOT_TIDY;
        }
        return !everAwaited && flagged ? "nobody has ever waited" : null;
    }

    /** What is wrong with what that role sees of its own ownership of this mutex. */
    @Nullable String complaintOf(String role, Look look) {
        List<String> words = List.of(expected.split(" "));
        boolean owns = words.getFirst().equals(role);
        int holds = owns ? times(words) : 0;
        if (look.holds() != holds || look.mine() != owns || look.adopted() != (owns && words.contains("adopted"))) {
            return "%s should hold it %d times, adopted or not as in %s: %s".formatted(role, holds, expected, look);
        }
        return null;
    }

    private static int times(List<String> words) {
        return words.stream()
                .filter(word -> word.startsWith("x"))
                .mapToInt(word -> Integer.parseInt(word.substring(1)))
                .findAny()
                .orElse(1);
    }

    private String state() {
        return isMutex() && !expected.equals("free") && !expected.equals("abandoned") ? "owned" : expected;
    }

    private Stage.Identity owner(Stage.Setting setting) {
        if (!state().equals("owned")) {
            return new Stage.Identity(0, 0);
        }
        return expected.startsWith("a") ? setting.firstIdentity() : setting.secondIdentity();
    }
}
