package io.hybridsync.object.model;

/** What an operation has done to words, as the cells saw it. */
final class Footprint {

    /** Permits that the operation waits for, or 0. */
    int wanted;

    /** Permits that its compare-and-sets have put into words, less those that they took. */
    long given;

    /** Successful compare-and-sets. */
    int writes;

    /** Whether a compare-and-set has brought permits or rewritten them: then the word may be nobody's. */
    boolean released;

    /** Whether the word was read after the latest sleep. */
    boolean looked;

    private boolean releasing;

    void begin(int permitsWanted, boolean isRelease) {
        wanted = permitsWanted;
        releasing = isRelease;
        given = 0;
        writes = 0;
        released = false;
        looked = false;
    }

    void write(int permits) {
        given += permits;
        writes++;
        released |= releasing;
    }
}
