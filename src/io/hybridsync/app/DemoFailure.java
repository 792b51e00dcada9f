package io.hybridsync.app;

/** A claim that did not hold; the message is the reason that the demo prints. */
final class DemoFailure extends Exception {

    private static final long serialVersionUID = 1L;

    DemoFailure(String reason) {
        super(reason);
    }
}
