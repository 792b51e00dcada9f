package io.hybridsync.succession;

import java.util.List;

/** What a thread wants at the moment: all of these objects, or any. */
record Errand(List<Long> objects, boolean all) {}
