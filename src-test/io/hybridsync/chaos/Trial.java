package io.hybridsync.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** One performance of a scene: somebody dies in it, or at its end, and those who live judge what he left. */
final class Trial {

    private static final String ASLEEP = "asleep";
    private static final int LONGEST_ROUND = 6;

    private final Scene scene;
    private final Theatre theatre;
    private String heard = "";

    Trial(Scene scene, Theatre theatre) {
        this.scene = scene;
        this.theatre = theatre;
    }

    /**
     * Kills a victim at a point; where the operation did not come to that point this time, after it.
     *
     * @return whether it died there
     */
    boolean kill(Victim victim, Order order) throws Exception {
        try (Stage stage = theatre.stage(); victim) {
            Scene.Play play = scene.open(stage);
            int client = victim.rehearse(scene, stage.name(""));
            perform(victim, order, play);
            boolean done = !heard.equals(Victim.END);
            victim.kill();
            assertThat(victim.exitCode()).isEqualTo(Victim.EXIT_KILLED);
            play.await();
            stage.awaitEndOf(client);
            play.judge(victim.death(client, done));
            return !done;
        } catch (Exception | AssertionError e) {
            throw new AssertionError(scene.name() + " " + order + ": " + victim.box(), e);
        }
    }

    /**
     * Stops a victim at a point for a while, in which everybody else goes on; then it goes on as well, and does what it was to
     * do; it is killed when that is done. Who seems to sleep may be stopped a moment later, with what its prompter waits for: so
     * that one waits on its own.
     *
     * @return whether it stood still there
     */
    boolean stop(Victim victim, Order order, long nanos) throws Exception {
        try (Stage stage = theatre.stage(); victim) {
            Scene.Play play = scene.open(stage);
            int client = victim.rehearse(scene, stage.name(""));
            play.begin();
            victim.begin(order.stopping());
            heard = victim.hearOrSeeStopped();
            boolean stopped = false;
            Stage.@Nullable Standing<Boolean> prompter = null;
            while (heard.equals(ASLEEP) || heard.equals(Victim.STOPPED)) {
                if (heard.equals(ASLEEP)) {
                    prompter = stage.start("prompter", () -> {
                        play.prompt();
                        return true;
                    });
                } else {
                    stopped = true;
                    stage.goOnFor(nanos);
                    victim.resume();
                }
                heard = victim.hearOrSeeStopped();
            }
            if (prompter != null) {
                stage.eventually("it has been prompted", prompter::hasEnded);
            }
            judgeLiving(stage, play, victim, client);
            return stopped;
        } catch (Exception | AssertionError e) {
            throw new AssertionError(scene.name() + " " + order.stopping() + ": " + victim.box(), e);
        }
    }

    /** It has done what it was to do. */
    private void judgeLiving(Stage stage, Scene.Play play, Victim victim, int client) throws Exception {
        assertThat(heard).startsWith("done");
        victim.kill();
        assertThat(victim.exitCode()).isEqualTo(Victim.EXIT_KILLED);
        play.await();
        stage.awaitEndOf(client);
        play.judge(victim.death(client, true));
    }

    /** The points of the operation: nobody dies, the victim closes the domain when it is done, and lives on. */
    List<Point> count(Victim victim) throws Exception {
        try (Stage stage = theatre.stage()) {
            Scene.Play play = scene.open(stage);
            int client = victim.rehearse(scene, stage.name(""));
            perform(victim, Order.NONE, play);
            String[] counts = heard.split(" ", -1);
            play.await();
            victim.leave();
            stage.awaitEndOf(client);
            play.judge(victim.death(client, true));
            List<BlackBox.Line> own = victim.box().own();
            List<Point> points = points(Order.Whose.OWN, Integer.parseInt(counts[1]), number -> isRound(own, number));
            points.addAll(points(Order.Whose.OTHERS, Integer.parseInt(counts[2]), _ -> false));
            return points;
        } catch (Exception | AssertionError e) {
            throw new AssertionError(scene.name() + ": " + victim.box(), e);
        }
    }

    /**
     * Kills the broker at a point that it comes to while the victim performs, is killed when it is done, and is judged; its
     * successor may have an order of its own. Nobody is to notice anything.
     *
     * @param orders none, or for one broker, or for two
     * @return how many accesses the last broker has made meanwhile
     */
    int killBroker(Victim victim, long epoch, List<Order> orders) throws Exception {
        Control control = theatre.control();
        try (Stage stage = theatre.stage(); victim) {
            Scene.Play play = scene.open(stage);
            int client = victim.rehearse(scene, stage.name(""));
            control.give(epoch, orders);
            perform(victim, Order.NONE, play);
            judgeLiving(stage, play, victim, client);
            int accesses = control.boxes().getLast().size();
            control.end();
            return accesses;
        } catch (Exception | AssertionError e) {
            throw new AssertionError(scene.name() + " " + orders + ": the victim: " + victim.box()
                    + "; the brokers: " + control.boxes() + "; its log: " + theatre.log(), e);
        }
    }

    /**
     * Whether the thread only goes round: the access, and so many before it, are what as many were before them. A spin that
     * begins and cancels is as few points as one that only looks.
     */
    private static boolean isRound(List<BlackBox.Line> lines, int number) {
        for (int round = 1; round <= LONGEST_ROUND && 2 * round <= number && number <= lines.size(); round++) {
            List<BlackBox.Line> last = lines.subList(number - round, number);
            if (last.equals(lines.subList(number - 2 * round, number - round))) {
                return true;
            }
        }
        return false;
    }

    private List<Point> points(Order.Whose whose, int accesses, IntPredicate isLeftOut) {
        List<Point> points = new ArrayList<>();
        for (int i = 1; i <= accesses; i++) {
            if (isLeftOut.test(i)) {
                continue;
            }
            for (Order.Side side : Order.Side.values()) {
                points.add(new Point(scene, new Order(whose, i, side, Order.SIGKILL)));
            }
        }
        return points;
    }

    private void perform(Victim victim, Order order, Scene.Play play) throws Exception {
        play.begin();
        victim.begin(order);
        heard = victim.hear();
        if (heard.equals(ASLEEP)) {
            play.prompt();
            heard = victim.hear();
        }
    }
}
