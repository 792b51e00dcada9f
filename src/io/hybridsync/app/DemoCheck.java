package io.hybridsync.app;

import java.io.IOException;

/** The demo's claims, checked by means that do not come from the library. */
final class DemoCheck {

    private static final int LEAST_CHANGES = 10;
    private static final int LEAST_WAITERS_KILLED = 2;
    private static final int LEAST_MIGRATIONS = 20;

    private final DemoOptions options;
    private final Scan scan;
    private final SharedWork work;
    private final DemoReport report;

    DemoCheck(DemoOptions options, Scan scan, SharedWork work, DemoReport report) {
        this.options = options;
        this.scan = scan;
        this.work = work;
        this.report = report;
    }

    void check(Workers workers) throws DemoFailure {
        int most = work.gauge().most();
        require(most <= options.permits(), "%d processes were reading at a time, and %d may".formatted(most, options.permits()));
        require(work.gauge().present() == 0, "somebody is still counted as reading");
        checkResults();
        require(workers.joined() >= LEAST_CHANGES, "only " + workers.joined() + " workers joined");
        require(workers.left() >= LEAST_CHANGES, "only " + workers.left() + " workers left");
    }

    /** That so many were killed, and the list was repaired after each that owned the mutex, and never else. */
    void checkKills(int waiters, int holders, int brokers) throws DemoFailure, IOException {
        int repairs = work.repairs();
        require(repairs == holders, "%d owners of the mutex were killed, and %d repairs made".formatted(holders, repairs));
        if (options.kill()) {
            require(waiters >= LEAST_WAITERS_KILLED, "only " + waiters + " processes that waited were killed");
            require(holders >= 1, "no process that owned the mutex was killed");
            require(brokers >= 1, "no broker was killed");
        }
    }

    void checkMigrations(long migrations) throws DemoFailure {
        require(migrations >= LEAST_MIGRATIONS, "semaphore and mutex moved only %d times".formatted(migrations));
    }

    private void checkResults() throws DemoFailure {
        boolean[] done = new boolean[work.size()];
        for (String line : work.results()) {
            int space = line.indexOf(' ');
            int index = index(line, space);
            require(!done[index], work.file(index) + " was done twice");
            done[index] = true;
            checkResult(scan.files().get(index), line.substring(space + 1));
        }
        for (int i = 0; i < done.length; i++) {
            require(done[i], work.file(i) + " was not done");
        }
    }

    private int index(String line, int space) throws DemoFailure {
        try {
            int index = Integer.parseInt(line.substring(0, Math.max(0, space)));
            require(index >= 0 && index < work.size(), "a result for a file that is not in the list: " + line);
            return index;
        } catch (NumberFormatException e) {
            throw new DemoFailure("a line of the result file is damaged: " + line);
        }
    }

    private void checkResult(Scan.Found file, String result) throws DemoFailure {
        if (!file.isUnchanged()) {
            report.note(file.path() + ": changed or vanished during the run, not checked");
            return;
        }
        String expected = digest(file);
        if (result.startsWith("-") && expected.startsWith("-")) {
            report.note(file.path() + ": " + result.substring(1));
            return;
        }
        require(result.equals(expected) || !file.isUnchanged(),
                "%s has the digest %s and not %s".formatted(file.path(), expected, result));
    }

    private static String digest(Scan.Found file) {
        try {
            return Digests.of(file.path()).sha256();
        } catch (IOException e) {
            return "-" + e;
        }
    }

    private static void require(boolean holds, String otherwise) throws DemoFailure {
        if (!holds) {
            throw new DemoFailure(otherwise);
        }
    }
}
