package io.hybridsync.conformance;

import static java.util.Objects.requireNonNull;

import io.hybridsync.BrokerMode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/**
 * A process with a party for each kind of threads. A line of standard input is a number, the kind of threads, the verb,
 * the performer and the command; the answer, whenever it comes, is a line with the number. Argument: the directory for
 * domains.
 */
public final class Understudy {

    private Understudy() {}

    /** Runs it until its input ends. */
    public static void main(String[] arguments) throws IOException {
        Map<Threads, Troupe> troupes = new EnumMap<>(Threads.class);
        for (Threads kind : Threads.values()) {
            troupes.put(kind, Troupe.open(Path.of(arguments[0]), BrokerMode.SPAWN, kind));
        }
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        say("ready");
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ", 5);
            Party party = requireNonNull(troupes.get(Threads.valueOf(words[1])));
            var _ = party.ask(Party.Verb.valueOf(words[2]), words[3], words[4])
                    .thenAccept(answer -> say(words[0] + " " + answer));
        }
        troupes.values().forEach(Troupe::close);
    }

    private static synchronized void say(String line) {
        System.out.println(line);
    }
}
