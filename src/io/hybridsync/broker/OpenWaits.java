package io.hybridsync.broker;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one client waits for at the broker: by the number of the request, and by object. */
final class OpenWaits {

    private final Map<Integer, Pending> byRequest = new LinkedHashMap<>();
    private final Map<SharedObject, Set<Pending>> byObject = new HashMap<>();

    @Nullable Pending withNumber(int request) {
        return byRequest.get(request);
    }

    int size() {
        return byRequest.size();
    }

    List<Pending> all() {
        return List.copyOf(byRequest.values());
    }

    List<Pending> on(SharedObject object) {
        return List.copyOf(byObject.getOrDefault(object, Set.of()));
    }

    void add(Pending pending) {
        byRequest.put(pending.request(), pending);
        for (SharedObject object : pending.objects()) {
            byObject.computeIfAbsent(object, o -> new LinkedHashSet<>()).add(pending);
        }
    }

    void remove(Pending pending) {
        byRequest.remove(pending.request(), pending);
        for (SharedObject object : pending.objects()) {
            byObject.computeIfPresent(object, (o, all) -> all.remove(pending) && all.isEmpty() ? null : all);
        }
    }
}
