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

    @Nullable SharedObject withId(long id) {
        return byId.get(id);
    }

    @Nullable SharedObject named(String name) {
        return byName.get(name);
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
        if (!object.name().isEmpty()) {
            byName.put(object.name(), object);
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
        if (!object.name().isEmpty() && (named == null || named.isCorrupted())) {
            byName.put(object.name(), object);
        }
    }

    void remove(SharedObject object) {
        byId.remove(object.id());
        byToken.remove(object.token(), object);
        byName.remove(object.name(), object);
    }
}
