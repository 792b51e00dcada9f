package io.hybridsync.chaos;

import io.hybridsync.EventSpec;
import io.hybridsync.HybridEvent;
import io.hybridsync.chaos.EventScene.Prompt;
import java.util.List;

/** What can be done to an event. */
final class EventScenes {

    private static final EventSpec AUTO = EventSpec.autoReset();
    private static final EventSpec MANUAL = EventSpec.manualReset();

    private EventScenes() {}

    static List<EventScene> all() {
        EventScene setAuto = signal("set-auto-to-two", AUTO, 2, HybridEvent::set);
        EventScene setManual = signal("set-manual-to-two", MANUAL, 2, HybridEvent::set);
        EventScene pulseAuto = signal("pulse-auto-to-two", AUTO, 2, HybridEvent::pulse);
        EventScene pulseManual = signal("pulse-manual-to-two", MANUAL, 2, HybridEvent::pulse);
        EventScene asleepAuto = await("await-auto-asleep", AUTO, Prompt.SET);
        EventScene asleepManual = await("await-manual-asleep", MANUAL, Prompt.SET);
        EventScene awaitPulse = await("await-auto-pulse", AUTO, Prompt.PULSE);
        return List.of(
                signal("set-auto", AUTO, 0, HybridEvent::set),
                signal("set-manual", MANUAL, 0, HybridEvent::set),
                new EventScene("set-again", MANUAL.signaled(), Scene.Actor.DIRECT, HybridEvent::set, false, 0, Prompt.NOTHING),
                setAuto,
                setAuto.by(Scene.Actor.PARKED),
                setAuto.at("compact", AUTO.compact()),
                setAuto.at("global", AUTO.global()),
                setAuto.at("broker", AUTO.brokerOnly()),
                setManual,
                setManual.at("broker", MANUAL.brokerOnly()),
                setManual.at("global", MANUAL.global()),
                signal("pulse-auto", AUTO, 0, HybridEvent::pulse),
                signal("pulse-manual", MANUAL, 0, HybridEvent::pulse),
                pulseAuto,
                pulseAuto.at("global", AUTO.global()),
                pulseManual,
                pulseManual.by(Scene.Actor.PARKED),
                pulseManual.at("global", MANUAL.global()),
                new EventScene("reset", AUTO.signaled(), Scene.Actor.DIRECT, HybridEvent::reset, false, 0, Prompt.NOTHING),
                await("await-auto", AUTO.signaled(), Prompt.NOTHING),
                await("await-manual", MANUAL.signaled(), Prompt.NOTHING),
                asleepAuto,
                asleepAuto.by(Scene.Actor.PARKED),
                asleepAuto.at("broker", AUTO.brokerOnly()),
                asleepAuto.at("global", AUTO.global()),
                asleepManual,
                asleepManual.by(Scene.Actor.VIRTUAL),
                asleepManual.at("global", MANUAL.global()),
                awaitPulse,
                awaitPulse.at("global", AUTO.global()),
                await("await-manual-pulse", MANUAL, Prompt.PULSE));
    }

    private static EventScene signal(String name, EventSpec spec, int waiters, EventScene.Act act) {
        return new EventScene(name, spec, Scene.Actor.DIRECT, act, true, waiters, Prompt.NOTHING);
    }

    private static EventScene await(String name, EventSpec spec, Prompt prompt) {
        return new EventScene(name, spec, Scene.Actor.DIRECT, HybridEvent::await, false, 0, prompt);
    }
}
