package io.hybridsync;

/**
 * What a {@code hold()} took: give it back with try-with-resources.
 *
 * <pre>{@code
 * try (var held = semaphore.hold()) {
 *     ...
 * }
 * }</pre>
 */
public interface Held extends AutoCloseable {

    /** Releases the permits, or unlocks the mutex, once; a second call does nothing. */
    @Override
    void close();
}
