package io.hybridsync.conformance;

/** Two parties, and how the broker knows them. */
record Casting(Party first, Stage.Identity firstIdentity, Party second, Stage.Identity secondIdentity) {

    static Casting of(Party first, Party second) {
        return new Casting(first, Stage.Identity.of(first), second, Stage.Identity.of(second));
    }

    Stage.Setting setting(String title, Place place) {
        return new Stage.Setting(title, place, first, firstIdentity, second, secondIdentity);
    }
}
