package io.hybridsync.chaos;

/**
 * One point of one scene.
 *
 * @param scene what is performed
 * @param order where it ends
 */
record Point(Scene scene, Order order) {

    @Override
    public String toString() {
        return scene.name() + " " + order;
    }
}
