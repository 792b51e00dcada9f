package io.hybridsync.broker;

/**
 * A client that lives and is not one any more: it was expelled, or did not come when a broker took over. What it has mapped it
 * may still write to.
 *
 * @param client its id
 * @param lastSlab the greatest id of a slab that it may have: what was made since it has not
 */
record Outcast(int client, long lastSlab) {

    boolean mayHave(long slab) {
        return slab <= lastSlab;
    }
}
