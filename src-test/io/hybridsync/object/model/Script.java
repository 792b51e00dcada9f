package io.hybridsync.object.model;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Makes up who takes part in a run and what they do. */
final class Script {

    private final World world;
    private final SplittableRandom random;
    private final Repertoire repertoire;
    private final Direction direction;

    Script(World world, SplittableRandom random) {
        this.world = world;
        this.random = random;
        this.repertoire = new Repertoire(world, random);
        this.direction = new Direction(world, random);
    }

    /** The value that an object begins with. */
    static int initial(Scenario scenario, Sort sort, SplittableRandom random) {
        if (sort == Sort.LEASED) {
            return 1 + random.nextInt(3);
        }
        return scenario.isDirected() || sort.isMutex() ? 0 : random.nextInt(2);
    }

    void write() {
        boolean two = world.scenario().isDirected() || world.has(Feature.RETURNS);
        int clients = two ? 2 : 2 + random.nextInt(2);
        for (int i = 0; i < clients; i++) {
            boolean late = i == 2 && world.has(Feature.MOVES);
            enlist(new ModelClient(world, i), late);
        }
        for (int i = moves(); i > 0; i--) {
            move(repertoire.any(world.things()), null);
        }
        if (world.has(Feature.SUBSCRIPTION) && random.nextBoolean()) {
            Thing thing = repertoire.any(world.things());
            world.broker().events.add(new ModelBroker.Event.Subscribe(thing, true));
            world.broker().events.add(new ModelBroker.Event.Subscribe(thing, false));
        }
        world.schedule().spawn("broker", null, world.broker()::serve);
    }

    private int moves() {
        boolean any = world.has(Feature.MOVES) || world.has(Feature.ROLLBACKS);
        int some = world.has(Feature.RETURNS) ? 2 + random.nextInt(2) : 1 + random.nextInt(2);
        return any ? world.scenario() == Scenario.MOVE_AND_CLOSE ? 2 : some : 0;
    }

    private void move(Thing thing, @Nullable ModelClient opener) {
        boolean some = world.has(Feature.ROLLBACKS) && random.nextInt(4) == 0;
        boolean rollback = opener == null && (some || !world.has(Feature.MOVES));
        world.broker().events.add(new ModelBroker.Event.Move(thing, rollback, opener));
    }

    /** @param late whether it opens the first object while the run is on */
    private void enlist(ModelClient client, boolean late) {
        world.clients().add(client);
        for (Thing thing : world.things()) {
            if (late && thing.number == 0) {
                move(thing, client);
            } else {
                client.holding(thing).open(thing.current());
                thing.members.add(client);
            }
        }
        client.threads.add(world.schedule().spawn("connection " + client.id, client, client::serve));
        List<List<Act>> parts = world.scenario().isDirected() ? direction.parts(client.id) : improvised();
        for (int i = 0; i < parts.size(); i++) {
            spawn(client, "thread " + client.id + "." + i, i % 2, parts.get(i));
        }
        if (world.has(Feature.ENDS)) {
            client.threads.add(world.schedule().spawn("housekeeping " + client.id, client, client::keepHouse));
        }
        if (world.has(Feature.CLOSES) && (world.has(Feature.BRIEF) ? !isBystander(client) : random.nextInt(3) == 0)) {
            close(client);
        }
    }

    private boolean isBystander(ModelClient client) {
        return world.scenario().isDirected() && client.id != 0;
    }

    private List<List<Act>> improvised() {
        List<List<Act>> parts = new ArrayList<>();
        for (int i = 1 + random.nextInt(2); i > 0; i--) {
            List<Act> acts = new ArrayList<>();
            repertoire.fill(acts);
            parts.add(acts);
        }
        return parts;
    }

    private void close(ModelClient client) {
        Thing thing = repertoire.any(world.things());
        boolean one = world.has(Feature.ANY) && random.nextBoolean();
        for (int handle = one ? random.nextInt(2) : 0; handle < 2; handle += one ? 2 : 1) {
            Program program = new Program(world, client, handle);
            program.acts.add(new CloseAct(thing));
            client.threads.add(world.schedule().spawn("closer " + client.id + "." + handle, client, program::run));
        }
    }

    private void spawn(ModelClient client, String name, int handle, List<Act> acts) {
        Program program = new Program(world, client, handle);
        program.acts.addAll(acts);
        client.threads.add(world.schedule().spawn(name, client, program::run));
    }
}
