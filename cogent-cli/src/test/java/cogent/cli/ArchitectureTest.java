package cogent.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
            Map.entry("local", List.of("data", "llm", "model")),
            Map.entry("eval", List.of("data", "answer", "llm")),
            Map.entry("serve", List.of("data", "llm", "local")),
            Map.entry("playground", List.of("data", "answer", "llm")),
            Map.entry(
                    "pipeline",
                    List.of("data", "answer", "llm", "curate", "model", "train", "local", "eval", "playground")),
            Map.entry("report", List.of("data", "answer", "llm", "curate", "eval", "pipeline")));

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
                    .check(COGENT);
        });
    }

    @Test
    void no_circle_runs_through_the_packages() {
        slices().assignedFrom(new Packages()).should().beFreeOfCycles().check(COGENT);
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
                .resideOutsideOfPackages("cogent.llm.openai", "cogent.llm.run", "cogent.serve", "cogent.model.hub")
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
