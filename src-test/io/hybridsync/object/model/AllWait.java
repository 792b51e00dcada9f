package io.hybridsync.object.model;

import io.hybridsync.broker.Transaction;
import io.hybridsync.object.MutexRule;
import io.hybridsync.object.Rule;
import io.hybridsync.object.Want;
import io.hybridsync.slab.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A wait for all of several objects, at the broker. */
final class AllWait {

    /** One of the objects. */
    private static final class Part {
        final Thing thing;
        final Rule rule;
        final int first;
        int argument;

        Part(Thing thing, Want want) {
            this.thing = thing;
            this.rule = want.rule();
            this.first = want.argument();
            this.argument = first;
        }
    }

    /** Who waits. */
    final Actor actor;

    final ModelClient client;
    private final List<Part> parts = new ArrayList<>();
    private final List<Integer> abandoned = new ArrayList<>();
    private @Nullable Part at;
    private boolean taken;
    private boolean over;

    AllWait(Actor actor, ModelClient client, List<Want> wants, Function<Want, Thing> things) {
        this.actor = actor;
        this.client = client;
        wants.forEach(want -> parts.add(new Part(things.apply(want), want)));
    }

    Transaction transaction(Function<Thing, Slot> slots) {
        return new Transaction(parts.stream()
                .map(part -> new Transaction.Part(slots.apply(part.thing), part.rule, part.argument, part.thing.maximum))
                .toList());
    }

    List<Thing> things() {
        return parts.stream().map(part -> part.thing).toList();
    }

    /** Where it is subscribed, or null. */
    @Nullable Thing subscribed() {
        return at == null ? null : at.thing;
    }

    /** This part was not there, at this value. */
    void subscribe(int index, int value) {
        Part part = parts.get(index);
        if (at != null && at != part) {
            at.argument = at.first;
        }
        at = part;
        part.argument = part.rule.waitingSince(value, part.argument);
    }

    /** Everything was there, at these values, and is taken. */
    void take(Transaction transaction) {
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).thing.sort.isMutex() && transaction.value(i) == MutexRule.OWNER_DIED) {
                abandoned.add(i);
            }
        }
        taken = true;
        end();
    }

    void end() {
        at = null;
        over = true;
    }

    boolean isOver() {
        return over;
    }

    boolean isTaken() {
        return taken;
    }

    List<Integer> abandoned() {
        return abandoned;
    }
}
