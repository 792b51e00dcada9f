package io.hybridsync.object.model;

/** Closes a handle. */
final class CloseAct extends Act {

    private final Thing thing;

    CloseAct(Thing thing) {
        this.thing = thing;
    }

    @Override
    void announce(Program program, Footprint footprint) {
        footprint.begin(Footprint.Intent.OTHER, false);
    }

    @Override
    void perform(Program program) {
        program.client().holding(thing).close(program.on(thing));
    }

    @Override
    public String toString() {
        return "CLOSE";
    }
}
