package cogent.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
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
            Map.entry("data", List.of("answer")),
            Map.entry("answer", List.of("data")),
            Map.entry("llm", List.of("data", "answer")),
            Map.entry("curate", List.of("data", "answer", "llm")),
            Map.entry("tensor", List.of("data")),
            Map.entry("jinja", List.of("data")),
            Map.entry("model", List.of("data", "answer", "tensor", "jinja")),
            Map.entry("train", List.of("data", "answer", "tensor", "model")),
            Map.entry("eval", List.of("data", "answer", "llm")),
            Map.entry("playground", List.of("data", "answer", "llm")));

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
    void raw_libtorch_stays_in_the_ownership_layer() {
        noClasses()
                .that()
                .resideOutsideOfPackage("cogent.tensor..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco..")
                .check(COGENT);
    }

    @Test
    void http_stays_in_the_chat_model_room() {
        noClasses()
                .that()
                .resideOutsideOfPackage("cogent.llm..")
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
}
