package io.hybridsync.broker;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Clients that do not say the same of the same thing. Whoever contradicts most others is to go first, and of as many the one
 * that came to the domain last; then it is looked again. So who lies is refused as long as there are more who know better, and
 * one liar, however many things it lies about, does away with no more than one honest client.
 */
final class Contradictions {

    private final TreeMap<Integer, MemberSet> others = new TreeMap<>();

    /** Of one thing these say one thing each. */
    void add(List<MemberSet> parties) {
        for (MemberSet party : parties) {
            for (MemberSet other : parties) {
                if (!party.equals(other)) {
                    party.ids().forEach(client -> others.merge(client, other, MemberSet::withAll));
                }
            }
        }
    }

    /** Who contradicts most others; 0 when nobody contradicts anybody. */
    int most() {
        return others.entrySet().stream()
                .max(Comparator.<Map.Entry<Integer, MemberSet>>comparingInt(entry -> entry.getValue().ids().size())
                        .thenComparingInt(Map.Entry::getKey))
                .map(Map.Entry::getKey)
                .orElse(0);
    }
}
