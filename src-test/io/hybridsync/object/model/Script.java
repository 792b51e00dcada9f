package io.hybridsync.object.model;

import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Makes up who takes part in a run and what they do. */
final class Script {

    private final World world;
    private final SplittableRandom random;

    Script(World world, SplittableRandom random) {
        this.world = world;
        this.random = random;
    }

    int maximum() {
        if (world.has(Feature.BINARY)) {
            return 1;
        }
        return world.scenario() == Scenario.BRIM ? Integer.MAX_VALUE : 2 + random.nextInt(4);
    }

    int permits() {
        return world.scenario().isDirected() ? 0 : random.nextInt(2);
    }

    void write() {
        int clients = world.scenario().isDirected() || world.has(Feature.RETURNS) ? 2 : 2 + random.nextInt(2);
        for (int i = 0; i < clients; i++) {
            boolean late = i == 2 && world.has(Feature.MOVES);
            enlist(new ModelClient(world, i), late);
        }
        for (int i = moves(); i > 0; i--) {
            move(null);
        }
        if (world.has(Feature.SUBSCRIPTION) && random.nextBoolean()) {
            world.broker().events.add(new ModelBroker.Event.Subscribe(true));
            world.broker().events.add(new ModelBroker.Event.Subscribe(false));
        }
        world.schedule().spawn("broker", null, world.broker()::serve);
    }

    private int moves() {
        boolean any = world.has(Feature.MOVES) || world.has(Feature.ROLLBACKS);
        int some = world.has(Feature.RETURNS) ? 2 + random.nextInt(2) : 1 + random.nextInt(2);
        return any ? world.scenario() == Scenario.MOVE_AND_CLOSE ? 2 : some : 0;
    }

    private void move(@Nullable ModelClient opener) {
        boolean some = world.has(Feature.ROLLBACKS) && random.nextInt(4) == 0;
        boolean rollback = opener == null && (some || !world.has(Feature.MOVES));
        world.broker().events.add(new ModelBroker.Event.Move(rollback, opener));
    }

    private void enlist(ModelClient client, boolean late) {
        world.clients().add(client);
        if (late) {
            move(client);
        } else {
            client.open(world.broker().current(), world.maximum());
            world.broker().members.add(client);
        }
        client.threads.add(world.schedule().spawn("connection " + client.id, client, client::serve));
        int threads = threads(client);
        for (int i = 0; i < threads; i++) {
            spawn(client, "thread " + client.id + "." + i, i);
        }
        if (world.has(Feature.CLOSES) && (world.has(Feature.BRIEF) ? !isBystander(client) : random.nextInt(3) == 0)) {
            close(client);
        }
    }

    private boolean isBystander(ModelClient client) {
        return world.scenario().isDirected() && client.id != 0;
    }

    private int threads(ModelClient client) {
        if (world.scenario().isDirected()) {
            return client.id == 0 && world.scenario() != Scenario.BRIM ? 2 : 1;
        }
        return 1 + random.nextInt(2);
    }

    private void close(ModelClient client) {
        for (int handle = 0; handle < 2; handle++) {
            Program program = new Program(world, client, handle);
            program.ops.add(new Program.Op(Program.Kind.CLOSE, 0));
            client.threads.add(world.schedule().spawn("closer " + client.id + "." + handle, client, program::run));
        }
    }

    private void spawn(ModelClient client, String name, int handle) {
        Program program = new Program(world, client, handle);
        if (!world.has(Feature.BRIEF) && random.nextInt(3) == 0) {
            warmUp(program.ops);
        }
        int ops = world.has(Feature.BRIEF) ? 1 : 1 + random.nextInt(4);
        for (int i = 0; i < ops; i++) {
            add(client, program.ops);
        }
        client.threads.add(world.schedule().spawn(name, client, program::run));
    }

    /** The same steps over and over, until the client has learned them. */
    private static void warmUp(List<Program.Op> ops) {
        for (int i = 0; i < 3; i++) {
            ops.add(new Program.Op(Program.Kind.TRY, 1));
            ops.add(new Program.Op(Program.Kind.GIVE_BACK, 0));
        }
    }

    private void add(ModelClient client, List<Program.Op> ops) {
        if (world.scenario().isDirected()) {
            direct(client, ops);
        } else if (world.has(Feature.PRODUCERS) && random.nextInt(2) == 0) {
            ops.add(new Program.Op(Program.Kind.RELEASE, random.nextInt(8) == 0 ? 0 : permitsOfOne()));
        } else {
            ops.add(new Program.Op(taking(), permitsOfOne()));
            if (!world.has(Feature.BRIEF) && random.nextInt(4) != 0) {
                ops.add(new Program.Op(Program.Kind.GIVE_BACK, 0));
            }
        }
    }

    private void direct(ModelClient client, List<Program.Op> ops) {
        if (client.id == 0) {
            boolean timed = world.has(Feature.TIMEOUTS) && random.nextBoolean();
            ops.add(new Program.Op(timed ? Program.Kind.ACQUIRE_TIMED : Program.Kind.ACQUIRE, 1));
        } else if (world.scenario() == Scenario.BRIM) {
            ops.add(new Program.Op(Program.Kind.RELEASE, 0));
            ops.add(new Program.Op(Program.Kind.RELEASE, Integer.MAX_VALUE));
        } else {
            ops.add(new Program.Op(world.has(Feature.PRODUCERS) ? Program.Kind.RELEASE : Program.Kind.VALUE, 1));
        }
    }

    private int permitsOfOne() {
        return world.has(Feature.BULK) ? 1 + random.nextInt(2) : 1;
    }

    private Program.Kind taking() {
        return switch (random.nextInt(9)) {
            case 0 -> Program.Kind.TRY;
            case 1 -> random.nextBoolean() ? Program.Kind.VALUE : Program.Kind.DRAIN;
            case 2, 3 -> world.has(Feature.TIMEOUTS) ? Program.Kind.ACQUIRE_TIMED : Program.Kind.ACQUIRE;
            case 4 -> Program.Kind.ACQUIRE_UNINTERRUPTIBLY;
            default -> Program.Kind.ACQUIRE;
        };
    }
}
