package io.hybridsync.error;

import org.jspecify.annotations.Nullable;

/**
 * What every exception of this library is, but for those that java.util.concurrent fixes (InterruptedException,
 * IllegalMonitorStateException, IllegalArgumentException, NullPointerException). An operation that throws has changed
 * nothing and leaked nothing, unless its documentation says otherwise.
 */
public abstract sealed class SyncException extends RuntimeException
        permits AbandonedMutexException,
                AccessDeniedException,
                BrokerUnavailableException,
                CorruptedObjectException,
                KernelException,
                KindMismatchException,
                LimitExceededException,
                NoSuchObjectException,
                ObjectClosedException,
                ObjectExistsException,
                PermitLimitException,
                ProtocolException,
                UnsupportedPlatformException {

    private static final long serialVersionUID = 1L;

    SyncException(String message) {
        super(message);
    }

    SyncException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
