package io.hybridsync.conformance;

import static java.util.Objects.requireNonNull;

import io.hybridsync.conformance.Party.Verb;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where one scenario is played: two parties, the objects, what state they must be in. Before the next step and after
 * the last, when whoever was let go by a step has answered, both parties read the state of everything back. What a
 * scenario does not say to have changed must not have changed.
 *
 * <p>The state of a semaphore is its permits, of an event "set" or "unset", of a mutex "free", "abandoned", or the role
 * that owns it, with "x2" when it has locked it twice and "adopted" when it has taken it over.
 */
final class Stage {

    /** A client as the broker knows it. */
    record Identity(int client, long pid) {

        static Identity of(Party party) {
            List<String> words = List.of(party.ask(Verb.IDENTITY, "-", "").join().split(" "));
            return new Identity(Integer.parseInt(words.get(0)), Long.parseLong(words.get(1)));
        }
    }

    /** What is played how, where. */
    record Setting(
            String title, Place place, Party first, Identity firstIdentity, Party second, Identity secondIdentity) {}

    private static final AtomicInteger STAGES = new AtomicInteger();
    private static final String LAST_OF_SECOND = "last";

    final Role a;
    final Role a2;
    final Role a3;
    final Role b;
    final Role b2;
    final Role b3;

    private final Setting setting;

    /** Of the names of objects and performers, in the domain. */
    private final String prefix;
    private final Set<Role> roles = new LinkedHashSet<>();
    private final Map<String, Prop> props = new LinkedHashMap<>();
    private final Set<String> names = new HashSet<>();
    private final Map<String, String> aliases = new HashMap<>();
    private final List<Pending> pending = new ArrayList<>();
    private final List<String> script = new ArrayList<>();
    private final Map<String, Pending> kept = new LinkedHashMap<>();
    private boolean secondGone;
    private boolean unsettled;

    Stage(Setting setting) {
        this.setting = setting;
        prefix = ProcessHandle.current().pid() + "." + STAGES.incrementAndGet() + "/";
        a = new Role(this, "a", setting.first);
        a2 = new Role(this, "a2", setting.first);
        a3 = new Role(this, "a3", setting.first);
        b = new Role(this, "b", setting.second);
        b2 = new Role(this, "b2", setting.second);
        b3 = new Role(this, "b3", setting.second);
    }

    String prefix() {
        return prefix;
    }

    Place place() {
        return setting.place;
    }

    /** A semaphore that both parties have open. */
    void semaphore(String name, int permits, int maximum) {
        object("semaphore", name, permits + " " + maximum, "" + permits, maximum);
    }

    /** A semaphore that both parties have open, whose permits come back from who has gone. */
    void leased(String name, int permits, int maximum) {
        object("semaphore", name, permits + " " + maximum + " leased", "" + permits, maximum);
    }

    /** A mutex that both parties have open. */
    void mutex(String name, String... words) {
        object("mutex", name, String.join(" ", words), "free", Prop.ANY_MAXIMUM);
    }

    /** An event that both parties have open. */
    void event(String name, String... words) {
        String state = List.of(words).contains("set") ? "set" : "unset";
        object("event", name, String.join(" ", words), state, Prop.ANY_MAXIMUM);
    }

    private void object(String kind, String name, String spec, String state, int maximum) {
        Place place = setting.place.ofObject(props.size());
        a.does("create %s %s %s %s".formatted(kind, name, place, spec), "created");
        knows(kind, name, place, state, maximum);
        b.does("open %s %s".formatted(kind, name), "opened");
    }

    /** From now on this object is looked at, too; it is in this state. */
    void knows(String kind, String name, Place place, String state, int maximum) {
        names.add(name);
        props.put(name, new Prop(kind, place, maximum, state));
    }

    /** Part of the step before: it has put the object into this state. */
    void now(String name, String state) {
        requireNonNull(props.get(name)).expect(state);
    }

    /** Part of the step before: some time after it, the object is in this state. */
    void eventually(String name, String state) {
        now(name, state);
        await(() -> complaint() == null, () -> "the state: " + complaint());
    }

    /** Which of the two has been ended by the step before. */
    Pending firstOf(Pending one, Pending other) {
        await(() -> one.isOver() || other.isOver(), () -> one + " or " + other);
        return one.isOver() ? one : other;
    }

    /** The second party will end; what happens before is complete. */
    void secondWillEnd() {
        settle();
        String last = translated("new semaphore %s SHARED 0".formatted(LAST_OF_SECOND));
        expectAnswer("created", answer(setting.second.ask(Verb.LOOK, prefix, last)));
    }

    /** Keeps what is pending for the second part of a scenario. */
    void keep(String key, Pending what) {
        kept.put(key, what);
    }

    Pending kept(String key) {
        return requireNonNull(kept.get(key));
    }

    /**
     * A step: the second party has ended. What it waited for it does not wait for any more; the broker knows. What it
     * leaves is seen some time later.
     */
    void secondIsGone() {
        script.add("b: has ended");
        secondGone = true;
        unsettled = true;
        for (Pending one : List.copyOf(pending)) {
            if (one.isOfSecond()) {
                one.isLost();
            }
        }
        String last = translated("open semaphore " + LAST_OF_SECOND);
        await(
                () -> answer(setting.first.ask(Verb.LOOK, prefix, last)).equals("NoSuchObjectException"),
                () -> "the end to be noticed");
    }

    /** The next step; that before it must be complete. */
    void step(Role role, String what) {
        settle();
        roles.add(role);
        script.add(role.name() + ": " + what);
    }

    /** The objects of a command that waits are waited for, from now on perhaps. */
    void awaited(String command) {
        for (String object : objects(command)) {
            Prop prop = props.get(object);
            if (prop != null) {
                prop.wasAwaited();
            }
        }
    }

    /** The words of a command, with the names of objects instead of those of handles. */
    List<String> objects(String command) {
        return Arrays.stream(command.split(" ")).map(word -> aliases.getOrDefault(word, word)).toList();
    }

    void add(Pending one) {
        pending.add(one);
    }

    void remove(Pending one) {
        pending.remove(one);
    }

    /** The commands with the names that the objects have in the domain. */
    String translated(String commands) {
        return Arrays.stream(commands.split(" ; ")).map(this::translatedOne).collect(Collectors.joining(" ; "));
    }

    private String translatedOne(String command) {
        List<String> words = List.of(command.split(" "));
        if (Set.of("create", "new", "open", "from").contains(words.getFirst())) {
            names.add(words.get(2));
            int alias = words.indexOf("as");
            if (alias > 0) {
                names.add(words.get(alias + 1));
                aliases.put(words.get(alias + 1), words.get(2));
            }
        }
        if (Set.of("timed", "passTimed", "lockTimed", "any", "all", "signalAndAwait").contains(words.getFirst())) {
            awaited(command);
        }
        return words.stream()
                .map(word -> names.contains(word) ? inDomain(word) : word)
                .collect(Collectors.joining(" "));
    }

    private String inDomain(String name) {
        return name.startsWith("?") ? "?" + prefix + name.substring(1) : prefix + name;
    }

    /** Checks that the last step is complete and that nothing is but what it has changed. */
    void settle() {
        for (Pending one : pending) {
            if (one.isOver()) {
                fail(one + " should still wait");
            }
        }
        if (unsettled) {
            await(() -> complaint() == null, () -> "what is left: " + complaint());
            unsettled = false;
        } else if (isUntidy()) {
            await(() -> !isUntidy(), () -> "tidiness: " + complaint());
        }
    }

    /** What is tidied up behind the back of the parties is waited for; nothing else is. */
    private boolean isUntidy() {
        String complaint = complaint();
        if (complaint != null && !complaint.contains(Prop.NOT_TIDY)) {
            fail(complaint);
        }
        return complaint != null;
    }

    private @Nullable String complaint() {
        if (props.isEmpty()) {
            return null;
        }
        List<Role> owners = props.values().stream().anyMatch(Prop::isMutex) ? idle() : List.of();
        List<CompletableFuture<String>> theirs =
                owners.stream().map(role -> role.run(looking(false))).toList();
        String looking = translated(looking(true));
        CompletableFuture<String> ofSecond = secondGone ? null : setting.second.ask(Verb.LOOK, prefix, looking);
        Map<String, Look> first = looks(setting.first.ask(Verb.LOOK, prefix, looking));
        Map<String, Look> second = ofSecond == null ? Map.of() : looks(ofSecond);
        for (Map.Entry<String, Prop> one : props.entrySet()) {
            String name = one.getKey();
            String complaint = one.getValue().complaint(setting, isAwaited(name), first.get(name), second.get(name));
            if (complaint != null) {
                return name + ": " + complaint;
            }
        }
        return complaintOfOwners(owners, theirs.stream().map(this::looks).toList());
    }

    private List<Role> idle() {
        return roles.stream()
                .filter(role -> !role.isBusy() && !(secondGone && role.isOfSecond()))
                .toList();
    }

    private @Nullable String complaintOfOwners(List<Role> owners, List<Map<String, Look>> looks) {
        for (int i = 0; i < owners.size(); i++) {
            for (Map.Entry<String, Look> one : looks.get(i).entrySet()) {
                Prop prop = requireNonNull(props.get(one.getKey()));
                String complaint = prop.complaintOf(owners.get(i).name(), one.getValue());
                if (complaint != null) {
                    return one.getKey() + ": " + complaint;
                }
            }
        }
        return null;
    }

    private Prop.Awaited isAwaited(String name) {
        Prop.Awaited awaited = Prop.Awaited.NO;
        for (Pending one : pending) {
            Prop.Awaited here = one.awaits(name);
            awaited = here == Prop.Awaited.YES || awaited == Prop.Awaited.NO ? here : awaited;
        }
        return awaited;
    }

    /** What the role's party has sent to the broker before has been heard then. */
    void lookAs(Role role) {
        String _ = answer(role.party().ask(Verb.LOOK, prefix, translated(looking(true))));
    }

    private String looking(boolean thorough) {
        return "look " + thorough + " " + String.join(" ", props.keySet());
    }

    private Map<String, Look> looks(CompletableFuture<String> asked) {
        List<String> all = List.copyOf(props.keySet());
        String answer = answer(asked);
        List<String> looks = List.of(answer.split(" "));
        if (looks.size() != all.size()) {
            fail("nothing to be seen but " + answer);
        }
        Map<String, Look> result = new LinkedHashMap<>();
        for (int i = 0; i < all.size(); i++) {
            if (!looks.get(i).equals("-")) {
                result.put(all.get(i), Look.parse(looks.get(i)));
            }
        }
        return result;
    }

    /** Waits until something has come true. */
    void await(BooleanSupplier what, Supplier<String> description) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Patience.seconds());
        while (!what.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                Patience.isLost();
                fail("in vain waited for " + description.get() + stacks());
            }
            LockSupport.parkNanos(20_000);
        }
    }

    String answer(CompletableFuture<String> answer) {
        try {
            return answer.get(Patience.seconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            Patience.isLost();
            throw fail("no answer" + stacks());
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    void expectAnswer(String expected, String actual) {
        expectAnswer(expected, "the answer is", actual);
    }

    void expectAnswer(String expected, String whose, String actual) {
        if (!expected.equals(actual)) {
            fail(whose + " \"" + actual + "\", not \"" + expected + "\"");
        }
    }

    AssertionError fail(String why) {
        StringBuilder text = new StringBuilder(setting.title + ", step " + script.size() + ": " + why);
        for (int i = 0; i < script.size(); i++) {
            text.append("\n  ").append(i + 1).append(". ").append(script.get(i));
        }
        throw new AssertionError(text.toString());
    }

    private String stacks() {
        return parties().stream()
                .map(party -> party.ask(Verb.STACKS, prefix, ""))
                .map(answer -> answer.completeOnTimeout("(no stacks)", 5, TimeUnit.SECONDS).join())
                .map(stacks -> "\n  " + stacks.replace("\t", "\n  "))
                .collect(Collectors.joining());
    }

    /** The end, whatever has happened. */
    void clear() {
        parties().forEach(party -> answer(party.ask(Verb.DISMISS, prefix, "")));
    }

    /** After {@link #clear}: nothing is left. */
    void expectNothingLeft() {
        String left = answer(setting.first.ask(Verb.LOOK, prefix, "exists " + prefix));
        expectAnswer("false", "whether the domain still knows objects:", left);
    }

    private List<Party> parties() {
        return secondGone ? List.of(setting.first) : List.of(setting.first, setting.second);
    }
}
