package io.hybridsync;

/** What a handle may do. */
public enum Access {
    /** Everything. */
    FULL,
    /** Ask only: every call that would modify the object or wait for it throws AccessDeniedException. */
    QUERY
}
