package cogent.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The map of the rooms, kept. */
class ArchitectureTest {
    private static final JavaClasses COGENT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("cogent");

    /** What each room may use of the others. */
    private static final Map<String, List<String>> ROOMS = Map.ofEntries(
            Map.entry("answer", List.of()),
            Map.entry("jinja", List.of()),
            Map.entry("data", List.of("answer")),
            Map.entry("llm", List.of("data")),
            Map.entry("curate", List.of("data", "answer", "llm")),
            Map.entry("model", List.of("data", "jinja")),
            Map.entry("train", List.of("data", "model")),
            Map.entry("mlflow", List.of("data", "pipeline")),
            Map.entry("local", List.of("data", "llm", "model")),
            Map.entry("eval", List.of("data", "answer", "llm")),
            Map.entry("serve", List.of("data", "llm", "local")),
            Map.entry("playground", List.of("data", "answer", "llm")),
            Map.entry(
                    "pipeline",
                    List.of("data", "answer", "llm", "curate", "model", "train", "local", "eval", "playground")),
            Map.entry("postgres", List.of("data", "llm")),
            Map.entry("spark", List.of("data", "llm", "curate", "pipeline", "playground")),
            Map.entry("report", List.of("data", "answer", "llm", "curate", "eval", "pipeline")),
            Map.entry(
                    "studio",
                    List.of("data", "llm", "curate", "model", "train", "local", "eval", "pipeline", "report")));

    @Test
    void arrows_between_rooms_run_only_as_the_map_says() {
        ROOMS.forEach((room, allowed) -> {
            List<String> others = new ArrayList<>(List.of("cogent.cli..", "cogent.bench.."));
            ROOMS.keySet().stream()
                    .filter(other -> !other.equals(room) && !allowed.contains(other))
                    .forEach(other -> others.add("cogent." + other + ".."));
            noClasses()
                    .that()
                    .resideInAPackage("cogent." + room + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(others.toArray(String[]::new))
                    .allowEmptyShould(true) // a room that is not on the class path, as postgres without -Ppostgres
                    .check(COGENT);
        });
    }

    @Test
    void no_circle_runs_through_the_packages() {
        slices().assignedFrom(new Packages()).should().beFreeOfCycles().check(COGENT);
    }

    /** Files that use each other, and why: a value with its values, an interface with its ways of being made. */
    private static final Set<String> CIRCLES = Set.of(
            "cogent.answer.math.Parser", // with Primary and ValueParser: the grammar's own recursion
            "cogent.answer.math.Primary",
            "cogent.jinja.builtin.Access", // with Methods, BraceFormat, StringMethods: a format's fields reach methods
            "cogent.llm.store.RunDatabase", // and its tables
            "cogent.model.tensor.Ranks", // and its two ways of being
            "cogent.model.tensor.Tensor", // and its operators
            "cogent.model.tensor.Scope",
            "cogent.model.tensor.Tensors",
            "cogent.pipeline.recipe.Recipe"); // and its sections

    /** Strikes out files that use none of the others, or that none of them uses, until nothing changes. */
    @Test
    void no_circle_runs_through_the_files_but_those_named() {
        Map<String, Set<String>> uses = new TreeMap<>();
        for (JavaClass type : COGENT) {
            Set<String> used = uses.computeIfAbsent(file(type), _ -> new TreeSet<>());
            type.getDirectDependenciesFromSelf().stream()
                    .map(dependency -> file(dependency.getTargetClass().getBaseComponentType()))
                    .filter(target -> target.startsWith("cogent.") && !target.equals(file(type)))
                    .forEach(used::add);
        }
        CIRCLES.forEach(uses::remove);
        int before = 0;
        while (before != uses.size()) {
            before = uses.size();
            uses.values().removeIf(used -> Collections.disjoint(used, uses.keySet()));
            uses.keySet().removeIf(file -> uses.values().stream().noneMatch(used -> used.contains(file)));
        }
        assertThat(uses.keySet()).isEmpty();
    }

    /** The file that a class stands in. */
    private static String file(JavaClass type) {
        return type.getName().replaceFirst("\\$.*", "");
    }

    @Test
    void no_package_holds_more_than_25_files() {
        Map<String, Set<String>> packages = new TreeMap<>();
        COGENT.stream()
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .forEach(type -> packages.computeIfAbsent(type.getPackageName(), _ -> new TreeSet<>())
                        .add(file(type)));
        packages.values().removeIf(files -> files.size() <= 25);
        assertThat(packages).isEmpty();
    }

    @Test
    void no_two_files_have_the_same_name() {
        Map<String, Set<String>> names = new TreeMap<>();
        COGENT.stream()
                .map(ArchitectureTest::file)
                .filter(file -> !file.endsWith("package-info"))
                .forEach(file -> names.computeIfAbsent(file.replaceFirst(".*\\.", ""), _ -> new TreeSet<>())
                        .add(file));
        names.values().removeIf(files -> files.size() == 1);
        assertThat(names).isEmpty();
    }

    @Test
    void raw_libtorch_stays_in_the_ownership_layer() {
        noClasses()
                .that()
                .resideOutsideOfPackage("cogent.model.tensor")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco..")
                .check(COGENT);
    }

    @Test
    void http_stays_with_the_endpoint_the_hub_and_the_server() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "cogent.llm.openai",
                        "cogent.llm.run",
                        "cogent.serve",
                        "cogent.studio.http",
                        "cogent.model.hub",
                        "cogent.mlflow")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("okhttp3..", "java.net.http..", "com.sun.net.httpserver..")
                .check(COGENT);
    }

    @Test
    void the_command_line_library_stays_in_the_command_line() {
        noClasses()
                .that()
                .resideOutsideOfPackage("cogent.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("picocli..")
                .check(COGENT);
    }

    /** Every package by itself, however deep it lies. */
    private static final class Packages implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return SliceIdentifier.of(type.getPackageName());
        }

        @Override
        public String getDescription() {
            return "each package";
        }
    }
}
