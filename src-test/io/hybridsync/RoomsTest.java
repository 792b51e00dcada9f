package io.hybridsync;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.foreign.Linker;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Imports point down the list of rooms only, and the library depends on nothing but java.base. */
class RoomsTest {

    private static final String BASE = "io.hybridsync";
    private static final String ROOT = "";
    private static final Set<String> ALL = Set.of(ROOT, "client", "broker", "wire", "object", "slab", "word", "kernel", "error");

    private static final Map<String, Set<String>> MAY_IMPORT = Map.of(
            "app", ALL,
            ROOT, Set.of("client", "broker", "object", "error"),
            "client", Set.of("object", "wire", "slab", "word", "kernel", "error"),
            "broker", Set.of("object", "wire", "slab", "word", "kernel", "error"),
            "wire", Set.of("word", "kernel", "error"),
            "object", Set.of("slab", "word", "error"),
            "slab", Set.of("word", "kernel", "error"),
            "word", Set.of(),
            "kernel", Set.of("error"),
            "error", Set.of());

    private static final JavaClasses CLASSES =
            new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages(BASE);

    @Test
    void importsPointDownTheListOfRooms() {
        Set<String> wrong = new TreeSet<>();
        for (JavaClass from : CLASSES) {
            for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
                JavaClass to = dependency.getTargetClass();
                if (isOurs(to) && !room(to).equals(room(from)) && !MAY_IMPORT.getOrDefault(room(from), Set.of()).contains(room(to))) {
                    wrong.add(from.getName() + " -> " + to.getName());
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void everyRoomIsOnTheListAndHasItsEssay() {
        Set<String> rooms = new HashSet<>();
        CLASSES.forEach(type -> rooms.add(room(type)));
        assertThat(MAY_IMPORT.keySet()).isEqualTo(rooms);
        assertThat(rooms).allSatisfy(room -> assertThat(CLASSES.contain(packageOf(room) + ".package-info")).isTrue());
    }

    @Test
    void onlyTheKernelRoomLinksToC() {
        assertThat(CLASSES.stream()
                        .filter(type -> type.getDirectDependenciesFromSelf().stream()
                                .anyMatch(dependency -> dependency.getTargetClass().isEquivalentTo(Linker.class)))
                        .map(RoomsTest::room))
                .containsOnly("kernel");
    }

    @Test
    void nothingOutsideOfJavaBaseIsNeeded() {
        List<String> foreign = CLASSES.stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                .filter(type -> !type.isPrimitive() && !isOurs(type) && !type.getPackageName().startsWith("org.jspecify"))
                .filter(type -> {
                    Class<?> loaded = type.reflect();
                    return !"java.base".equals(loaded.getModule().getName());
                })
                .map(JavaClass::getName)
                .distinct()
                .toList();
        assertThat(foreign).isEmpty();
    }

    private static boolean isOurs(JavaClass type) {
        return type.getBaseComponentType().getPackageName().startsWith(BASE);
    }

    private static String room(JavaClass type) {
        String name = type.getBaseComponentType().getPackageName();
        return name.equals(BASE) ? ROOT : name.substring(BASE.length() + 1);
    }

    private static String packageOf(String room) {
        return room.isEmpty() ? BASE : BASE + "." + room;
    }
}
