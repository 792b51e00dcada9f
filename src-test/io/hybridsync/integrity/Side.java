package io.hybridsync.integrity;

/** A client that does what it is told: {@link Actor} in this process, {@link Guest} in another one. */
interface Side extends AutoCloseable {

    /** Does it and answers with the result, or with the simple name of the exception. */
    String ask(String line);

    /** The same for an operation. */
    default String ask(Verb verb, Subject subject, int number) {
        return ask("%s %s %d".formatted(verb, subject.name(), number));
    }

    @Override
    void close();
}
