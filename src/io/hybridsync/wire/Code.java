package io.hybridsync.wire;

import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.error.AccessDeniedException;
import io.hybridsync.error.KernelException;
import io.hybridsync.error.KindMismatchException;
import io.hybridsync.error.LimitExceededException;
import io.hybridsync.error.NoSuchObjectException;
import io.hybridsync.error.ObjectClosedException;
import io.hybridsync.error.ObjectExistsException;
import io.hybridsync.error.ProtocolException;
import org.jspecify.annotations.Nullable;

/** Why the broker did not do what it was asked: one code, one exception. */
public enum Code {
    /** An object of that name exists. */
    EXISTS(1),
    /** No object of that name, that token or that id exists. */
    NONE(2),
    /** The name belongs to an object of another kind. */
    KIND(3),
    /** A quota, or a limit of the machine. */
    LIMIT(4),
    /** The caller may not. */
    ACCESS(5),
    /** The caller has not opened the object, or has closed it. */
    CLOSED(6),
    /** The broker does not offer that. */
    UNSUPPORTED(7),
    /** The request makes no sense. */
    PROTOCOL(8),
    /** The broker failed, not the caller; the log of the broker tells more. */
    BROKER(9),
    /** The connection did not introduce itself in time: the machine is busy, and another may. */
    LATE(10),

    /** The client of the broker before came too late to hand over what it has, or is unknown: its handles are lost. */
    LOST(11),

    /** The client does not hold what it wants to release. */
    NOT_HELD(12);

    private final int code;

    Code(int code) {
        this.code = code;
    }

    /** The number that stands for it in messages; never reused. */
    int code() {
        return code;
    }

    /** The code with this number, or null when there is none. */
    static @Nullable Code ofCode(int code) {
        for (Code known : values()) {
            if (known.code == code) {
                return known;
            }
        }
        return null;
    }

    /** The exception that the caller of the public method gets. */
    public RuntimeException exception(String message) {
        return switch (this) {
            case EXISTS -> new ObjectExistsException(message);
            case NONE -> new NoSuchObjectException(message);
            case KIND -> new KindMismatchException(message);
            case LIMIT -> new LimitExceededException(message);
            case ACCESS -> new AccessDeniedException(message);
            case CLOSED -> new ObjectClosedException(message);
            case UNSUPPORTED -> new IllegalArgumentException(message);
            case PROTOCOL -> new ProtocolException(message);
            case BROKER -> new KernelException(message, 0);
            case NOT_HELD -> new IllegalStateException(message);
            case LATE, LOST -> new BrokerUnavailableException(message);
        };
    }
}
