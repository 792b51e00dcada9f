package io.hybridsync.broker;

import io.hybridsync.wire.Token;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Every object of the domain, by id, by name and by token. */
final class Catalog {

    private final TreeMap<Long, SharedObject> byId = new TreeMap<>();
    private final Map<String, SharedObject> byName = new HashMap<>();
    private final Map<Token, SharedObject> byToken = new HashMap<>();

    /** How many objects there are of a name that another one has, or had. */
    private final Map<String, Integer> nameless = new HashMap<>();

    @Nullable SharedObject withId(long id) {
        return byId.get(id);
    }

    @Nullable SharedObject named(String name) {
        return byName.get(name);
    }

    /**
     * Whether there is an object of that name to which it does not belong any more, for it was corrupted and another one was
     * made.
     */
    boolean wasNamed(String name) {
        return nameless.containsKey(name);
    }

    @Nullable SharedObject withToken(Token token) {
        return byToken.get(token);
    }

    /** The object with the next higher id, or null. */
    @Nullable SharedObject after(long id) {
        Map.Entry<Long, SharedObject> next = byId.higherEntry(id);
        return next == null ? null : next.getValue();
    }

    void forEach(Consumer<SharedObject> action) {
        byId.values().forEach(action);
    }

    int size() {
        return byId.size();
    }

    /** Its name is its own from now on: the object that had it before keeps its id and its token. */
    void add(SharedObject object) {
        byId.put(object.id(), object);
        byToken.put(object.token(), object);
        give(object.name(), object);
    }

    private void give(String name, SharedObject object) {
        SharedObject former = name.isEmpty() ? null : byName.put(name, object);
        if (former != null) {
            nameless.merge(name, 1, Integer::sum);
        }
    }

    /**
     * Adds an object of a broker before. One that is corrupted may have left its name to another one; otherwise the first has
     * it.
     */
    void adopt(SharedObject object) {
        byId.put(object.id(), object);
        byToken.putIfAbsent(object.token(), object);
        SharedObject named = byName.get(object.name());
        if (named == null || named.isCorrupted()) {
            give(object.name(), object);
        } else {
            nameless.merge(object.name(), 1, Integer::sum);
        }
    }

    void remove(SharedObject object) {
        byId.remove(object.id());
        byToken.remove(object.token(), object);
        if (!byName.remove(object.name(), object)) {
            nameless.computeIfPresent(object.name(), (name, many) -> many == 1 ? null : many - 1);
        }
    }
}
