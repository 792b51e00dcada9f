package io.hybridsync.app;

import java.io.PrintStream;
import java.util.Locale;
import java.util.List;
import java.util.Map;

/** What the demo prints. */
final class DemoReport {

    private static final int MOST_NOTES = 10;
    private static final String ROW = "%8s %8s %14s %10s %8s %14s%n";

    private final PrintStream out;
    private int notes;

    DemoReport(PrintStream out) {
        this.out = out;
    }

    void start(DemoOptions options, Scan scan) {
        out.printf("demo: %d files below %s, %d workers at a time, %d of them may read%s%n",
                scan.files().size(), printable(options.directory().toString()), options.workers(), options.permits(),
                options.sabotage() ? ", and nobody asks (--sabotage)" : "");
        scan.skipped().forEach(this::note);
    }

    void progress(String line) {
        out.println("  " + line);
    }

    /** One line, whatever is in it: names of files may have line ends and terminal controls. */
    static String printable(String text) {
        return text.replaceAll("\\p{Cc}", "?");
    }

    /** Something that is reported and not fatal; the first few are printed. */
    void note(String text) {
        if (notes++ < MOST_NOTES) {
            out.println("  note: " + printable(text));
        } else if (notes == MOST_NOTES + 1) {
            out.println("  note: and more");
        }
    }

    void table(Workers workers, Gauge gauge, DemoOptions options) {
        out.printf(ROW, "worker", "files", "bytes", "acquires", "waits", "broker calls");
        for (Map.Entry<Integer, Tally> worker : workers.tallies().entrySet()) {
            row(worker.getKey().toString(), worker.getValue());
        }
        Tally sum = workers.sum();
        row("all", sum);
        long operations = 2 * sum.acquires();
        double share = operations == 0 ? 100 : 100.0 * (operations - sum.operationsWithCalls()) / operations;
        out.printf(Locale.ROOT, "operations: %d, without a broker call: %.2f %%%n", operations, share);
        out.printf(Locale.ROOT, "longest wait: %.3f ms%n", sum.longestNanos() / 1e6);
        out.printf("reading at a time: at most %d, permitted %d%n", gauge.most(), options.permits());
        out.printf("workers: %d joined, %d left%n", workers.joined(), workers.left());
    }

    void groups(List<RollCall.Line> lines) {
        lines.forEach(line -> progress(line.toString()));
    }

    void migrations(long migrations, Tally sum) {
        out.printf("migrations of semaphore and mutex while threads waited for them: %d%n", migrations);
        out.printf(Locale.ROOT, "longest stall: %.3f ms in an operation that had nothing to wait for%n", sum.stallNanos() / 1e6);
    }

    void kills(int waiters, int holders, int repairs, int brokers, DemoOptions options) {
        if (options.kill()) {
            out.printf("killed while they waited: %d processes%n", waiters);
            out.printf("killed while they owned the mutex: %d processes; repairs of the list: %d%n", holders, repairs);
            out.printf("brokers killed: %d%n", brokers);
        }
    }

    private void row(String name, Tally tally) {
        out.printf(ROW, name, tally.files(), tally.bytes(), tally.acquires(), tally.waits(), tally.brokerCalls());
    }
}
