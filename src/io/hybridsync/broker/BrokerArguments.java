package io.hybridsync.broker;

import io.hybridsync.kernel.FileNames;
import io.hybridsync.wire.Domain;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The command line of a broker.
 *
 * <pre>
 *   --name=DOMAIN          whose broker; required
 *   --directory=PATH       the domain's own directory, when its starter knows it; else
 *   --parent=PATH          the parent of it; else the default places
 *   --linger-millis=N      how long to outlive the last client; for ever if it is missing
 *   --claim-millis=N       how long clients wait for a broker that holds a word locked: the clients of the
 *                          broker before have half of that to hand over what they have; 10000 if it is missing
 *   --clients=N --objects-per-client=N --handles-per-client=N --waits-per-client=N
 *   --replace              end the broker that is running first: its clients come to this one
 * </pre>
 *
 * In DOMAIN and PATH, % and two hexadecimal digits are a byte: what goes through the locales of two processes is ASCII.
 *
 * @param domain whose broker
 * @param options how it behaves
 * @param replace whether it takes the place of the broker that is running
 */
public record BrokerArguments(Domain domain, Options options, boolean replace) {

    private static final String REPLACE = "--replace";

    /** Clients look for the next broker four times a second: whoever has started it, the others get the time to find it. */
    static final Duration SHORTEST_TAKE_OVER = Duration.ofSeconds(2);

    private static final Duration FOR_EVER = Duration.ofMillis(Long.MAX_VALUE);
    private static final List<String> KNOWN = List.of(
            "name",
            "directory",
            "parent",
            "linger-millis",
            "claim-millis",
            "clients",
            "objects-per-client",
            "handles-per-client",
            "waits-per-client");

    /**
     * Reads a command line.
     *
     * @throws IllegalArgumentException when it is none; the message says why
     */
    public static BrokerArguments parse(List<String> arguments) {
        Map<String, String> values =
                values(arguments.stream().filter(argument -> !argument.equals(REPLACE)).toList());
        String name = values.get("name");
        if (name == null) {
            throw new IllegalArgumentException("--name=DOMAIN is missing");
        }
        return new BrokerArguments(domain(FileNames.unescaped(name), values), options(values), arguments.contains(REPLACE));
    }

    private static Domain domain(String name, Map<String, String> values) {
        String directory = values.get("directory");
        String parent = values.get("parent");
        return directory == null
                ? Domain.of(name, parent == null ? null : FileNames.unescapedPath(parent))
                : Domain.at(name, FileNames.unescapedPath(directory));
    }

    private static Options options(Map<String, String> values) {
        Options defaults = Options.defaults();
        String linger = values.get("linger-millis");
        String claim = values.get("claim-millis");
        Duration takeOver = claim == null ? defaults.takeOver() : Duration.ofMillis(number("claim-millis", claim) / 2);
        return defaults.withTakeOver(takeOver.compareTo(SHORTEST_TAKE_OVER) < 0 ? SHORTEST_TAKE_OVER : takeOver)
                .withLinger(linger == null ? FOR_EVER : Duration.ofMillis(number("linger-millis", linger)))
                .withQuotas(
                        number("clients", values, defaults.clients()),
                        number("objects-per-client", values, defaults.objectsPerClient()),
                        number("handles-per-client", values, defaults.handlesPerClient()),
                        defaults.heapBytes(),
                        defaults.queueBytes())
                .withWaits(number("waits-per-client", values, defaults.waitsPerClient()));
    }

    private static Map<String, String> values(List<String> arguments) {
        Map<String, String> values = new HashMap<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            String key = argument.startsWith("--") && equals > 0 ? argument.substring(2, equals) : "";
            if (!KNOWN.contains(key)) {
                throw new IllegalArgumentException(
                        "%s is none of --%s=..., %s".formatted(argument, String.join("=..., --", KNOWN), REPLACE));
            }
            values.put(key, argument.substring(equals + 1));
        }
        return values;
    }

    private static int number(String key, Map<String, String> values, int otherwise) {
        String value = values.get(key);
        return value == null ? otherwise : Math.toIntExact(Math.min(number(key, value), Integer.MAX_VALUE));
    }

    private static long number(String key, String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--%s=%s is no number".formatted(key, value), e);
        }
    }
}
