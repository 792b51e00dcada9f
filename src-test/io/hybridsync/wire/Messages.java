package io.hybridsync.wire;

import io.hybridsync.error.CorruptedObjectException.Writer;
import io.hybridsync.word.Kind;
import io.hybridsync.word.Location;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * Generates messages from the listing itself: every record that {@link Message} permits, component by component. A
 * record with a component of a type that is not known here fails the tests.
 */
public final class Messages {

    private Messages() {}

    /** Every record of the listing. */
    public static List<Class<?>> records() {
        return leaves(Message.class).toList();
    }

    /** Any message. */
    public static Arbitrary<Message> any() {
        return Arbitraries.of(records()).flatMap(Messages::of);
    }

    /** Any message of one record. */
    public static Arbitrary<Message> of(Class<?> record) {
        if (record == Message.Open.class) {
            return opens().map(open -> open);
        }
        if (record == Message.Hello.class) {
            return text().map(program -> new Message.Hello(Version.MAJOR, 7, program));
        }
        if (record == Message.Resume.class) {
            return Combinators.combine(Arbitraries.integers(), text())
                    .as((client, program) -> new Message.Resume(Version.MAJOR, 7, client, program));
        }
        if (record == Message.Refused.class) {
            return Combinators.combine(Arbitraries.of(Code.values()), text())
                    .as((code, reason) -> new Message.Refused(Version.MAJOR, 7, code, reason));
        }
        return components(record).map(values -> Message.class.cast(construct(record, values)));
    }

    private static Stream<Class<?>> leaves(Class<?> type) {
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses()).flatMap(Messages::leaves)
                : Stream.of(type);
    }

    private static Arbitrary<Message.Open> opens() {
        Arbitrary<String> names = name();
        Arbitrary<Mode> modes = Arbitraries.of(Mode.values());
        return Combinators.combine(Arbitraries.integers(), modes, names, spec(), Arbitraries.of(true, false))
                .as((request, mode, name, spec, query) ->
                        new Message.Open(request, name.isEmpty() ? Mode.CREATE : mode, spec.kind(), name, spec, query));
    }

    private static Arbitrary<List<Object>> components(Class<?> record) {
        List<Arbitrary<Object>> values = new ArrayList<>();
        for (RecordComponent component : record.getRecordComponents()) {
            values.add(value(component.getGenericType()).map(value -> value));
        }
        return Combinators.combine(values).as(list -> list);
    }

    private static Object construct(Class<?> record, List<Object> values) {
        try {
            Class<?>[] types = Arrays.stream(record.getRecordComponents())
                    .map(RecordComponent::getType)
                    .toArray(Class<?>[]::new);
            return record.getDeclaredConstructor(types).newInstance(values.toArray());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("cannot make a " + record, e);
        }
    }

    private static Arbitrary<?> value(Type type) {
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            return value(list.getActualTypeArguments()[0]).list().ofMaxSize(5);
        }
        return switch (((Class<?>) type).getSimpleName()) {
            case "int", "Integer" -> Arbitraries.integers();
            case "long" -> Arbitraries.longs();
            case "boolean" -> Arbitraries.of(true, false);
            case "String" -> name();
            case "Kind" -> Arbitraries.of(Kind.values());
            case "ClaimState" -> Arbitraries.of(ClaimState.values());
            case "Mode" -> Arbitraries.of(Mode.values());
            case "Code" -> Arbitraries.of(Code.values());
            case "Spec" -> spec();
            case "Token" -> Combinators.combine(Arbitraries.longs(), Arbitraries.longs()).as(Token::new);
            case "Location" ->
                Combinators.combine(Arbitraries.longs(), Arbitraries.integers(), Arbitraries.integers())
                        .as(Location::new);
            case "WaitOutcome" -> Arbitraries.of(WaitOutcome.values());
            case "Wanted" -> Combinators.combine(Arbitraries.longs(), Arbitraries.integers(), Arbitraries.integers())
                    .as(Wanted::new);
            case "Memory" -> Arbitraries.of(Memory.values());
            case "Told" -> components(Told.class).map(values -> construct(Told.class, values));
            case "Writer" -> components(Writer.class).map(values -> construct(Writer.class, values));
            case "Entry" -> components(Entry.class).map(values -> construct(Entry.class, values));
            default -> throw new AssertionError("no generator for " + type);
        };
    }

    private static Arbitrary<Spec> spec() {
        Arbitrary<Spec> semaphores = Arbitraries.integers().between(1, Integer.MAX_VALUE).flatMap(maximum ->
                Arbitraries.integers().between(0, maximum).map(permits ->
                        new Spec(Kind.SEMAPHORE, permits, maximum, Spec.FAIR | Spec.LEASED)));
        return Arbitraries.oneOf(
                semaphores,
                Arbitraries.of(0, 1).map(locked -> new Spec(Kind.MUTEX, locked, 1, Spec.ADOPT | Spec.COMPACT)),
                Arbitraries.of(0, 1).map(set -> new Spec(Kind.EVENT, set, 1, Spec.AUTO_RESET | Spec.GLOBAL)));
    }

    private static Arbitrary<String> name() {
        return Arbitraries.strings().withChars('a', 'Z', ' ', '/', 'é', '漢').ofMaxLength(12);
    }

    private static Arbitrary<String> text() {
        return Arbitraries.strings().withChars('a', '\n', 'ß').ofMaxLength(40);
    }
}
