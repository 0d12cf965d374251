package cogent.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import cogent.eval.BenchmarkFile;
import cogent.pipeline.recipe.RecipeReader;
import cogent.pipeline.study.StudyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Every command on the pages is parsed by the command line's own parser, its recipe read where it lies in the repository,
 * and run, on a tiny run in the place of the page's; every recipe on the pages is read.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PagesRunTest {
    /** What is parsed and not run here, and why. */
    private static final Map<String, String> NOT_RUN = Map.ofEntries(
            Map.entry("serve", "goes on until it is stopped: cogent-serve's tests"),
            Map.entry("studio", "goes on until it is stopped: cogent-studio's tests, in a browser"),
            Map.entry("chat", "a conversation: ChatCommand's tests"),
            Map.entry("pull", "asks the hub: HubTest, against one of its own"),
            Map.entry("push", "asks the hub: HubUploadTest, against one of its own"),
            Map.entry("study", "many runs: StudyTest"),
            Map.entry("--batch-out", "takes an endpoint's files: CurateWaysTest"),
            Map.entry("--estimate", "needs an endpoint with a price: CurateWaysTest"),
            Map.entry("--worker", "takes a shared store: WorkersTest"),
            Map.entry("student.device=cuda", "takes a GPU"),
            Map.entry("export model", "the playground's words have no GGUF: ExportModelTest"));

    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\n(.*?)^```$");
    private static final Pattern YAML = Pattern.compile("(?ms)^```yaml\n(.*?)^```$");
    private static final Pattern COMMAND = Pattern.compile("(?m)^ *(?:\\./|bin/)?cogent ([a-z-].*)$");
    private static final Pattern SPAN = Pattern.compile("`(?:\\./)?cogent ([^`\n]+)`");
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

    @TempDir
    static Path folder;

    private Path recipe;

    static Stream<Path> pages() throws IOException {
        return DocsTest.pages().stream();
    }

    @BeforeAll
    void a_tiny_run() throws IOException {
        recipe = Cogent.playground(folder, """
                name: tiny
                playground: {problems: 30, held_out: 4}
                raw_sft: {enabled: true}
                sft: {max_steps: 2, batch_size: 4, learning_rate: 1.0e-3}
                align: {max_steps: 1, batch_size: 2}
                evaluate: {benchmarks: [playground], temperature: 0, max_new_tokens: 4}
                """);
        Cogent.Ran ran = Cogent.run("run", recipe);
        assertThat(ran.code()).as(ran.err()).isZero();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void commands_are_parsed_with_their_recipes(Path page) throws IOException {
        for (List<String> words : commands(page)) {
            assertThatCode(() -> Main.commands().parseArgs(words.toArray(String[]::new)))
                    .as("%s: cogent %s", page.getFileName(), String.join(" ", words))
                    .doesNotThrowAnyException();
            for (String word : words) {
                Path file = DocsTest.ROOT.resolve(word);
                if (word.endsWith(".yaml") && Files.exists(file)) {
                    assertThatCode(() -> read(words.getFirst(), file, sets(words)))
                            .as("%s: cogent %s", page.getFileName(), String.join(" ", words))
                            .doesNotThrowAnyException();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void commands_run(Path page) throws IOException {
        for (List<String> words : commands(page)) {
            String command = String.join(" ", words);
            if (NOT_RUN.keySet().stream().noneMatch((" " + command + " ")::contains)) {
                Cogent.Ran ran = Cogent.run(onTheTinyRun(words).toArray());
                assertThat(ran.code())
                        .as("%s: cogent %s\n%s%s", page.getFileName(), command, ran.out(), ran.err())
                        .isZero();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void recipes_are_read(Path page) throws IOException {
        for (MatchResult block : YAML.matcher(Files.readString(page)).results().toList()) {
            String yaml = block.group(1);
            if (yaml.startsWith("# theirs") || yaml.contains("\nvariants:")) {
                continue; // a study names a recipe that it lies beside
            }
            Path file = Files.writeString(folder.resolve("page.yaml"), yaml.replace(", …", ""));
            if (yaml.startsWith("# my/benchmark.yaml")) {
                assertThat(BenchmarkFile.load(file.toString()).name()).isEqualTo("mine");
                continue;
            }
            assertThatCode(() -> RecipeReader.read(file, List.of()))
                    .as("%s:\n%s", page.getFileName(), yaml)
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void what_is_not_run_is_on_some_page() throws IOException {
        List<String> all = new ArrayList<>();
        for (Path page : DocsTest.pages()) {
            commands(page).forEach(words -> all.add(" " + String.join(" ", words) + " "));
        }
        assertThat(NOT_RUN.keySet()).allMatch(what -> all.stream().anyMatch(command -> command.contains(what)));
    }

    @Test
    void messages_that_are_explained_are_in_the_sources() throws IOException {
        StringBuilder sources = new StringBuilder(Files.readString(DocsTest.ROOT.resolve("scripts/jdk.sh")));
        for (Path module : DocsTest.MODULES) {
            try (Stream<Path> files = Files.walk(module.resolve("src/main/java"))) {
                for (Path file :
                        files.filter(file -> file.toString().endsWith(".java")).toList()) {
                    sources.append(
                            Files.readString(file).replaceAll("\\s+", " ").replaceAll("\" *\\+ \"", ""));
                }
            }
        }
        String page = Files.readString(DocsTest.ROOT.resolve("docs/troubleshooting.md"));
        List<String> messages = Pattern.compile("(?m)^- ((?:`[^`]+`(?:, )?)+):")
                .matcher(page)
                .results()
                .flatMap(item -> Stream.of(item.group(1).replaceAll("^`|`$", "").split("`, `", -1)))
                .toList();
        assertThat(messages).hasSizeGreaterThan(15).allMatch(message -> sources.indexOf(message) >= 0);
    }

    private static void read(String command, Path file, List<String> sets) {
        if (command.equals("study")) {
            StudyReader.read(file, sets, List.of(), 1);
        } else {
            RecipeReader.read(file, sets);
        }
    }

    /** In blocks: all; in the text: those with an argument, others only name a command. */
    private static List<List<String>> commands(Path page) throws IOException {
        String text = Files.readString(page);
        List<String> lines = new ArrayList<>();
        BLOCK.matcher(text)
                .results()
                .filter(block -> Set.of("", "bash", "sh").contains(block.group(1)))
                .flatMap(block -> COMMAND.matcher(block.group(2).replaceAll("\\\\\n *", ""))
                        .results())
                .forEach(line -> lines.add(line.group(1)));
        SPAN.matcher(text)
                .results()
                .map(span -> span.group(1))
                .filter(span -> !span.matches("[a-z -]+"))
                .forEach(lines::add);
        return lines.stream()
                .map(line -> line.replaceFirst("\\s+# .*", ""))
                .filter(line -> !line.contains("…") && !line.contains("|") && !line.contains("["))
                .map(PagesRunTest::words)
                .toList();
    }

    private static List<String> words(String line) {
        return WORD.matcher(line)
                .results()
                .map(word -> Stream.of(1, 2, 3)
                        .map(word::group)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElseThrow())
                .toList();
    }

    private static List<String> sets(List<String> words) {
        List<String> sets = new ArrayList<>();
        for (int i = 1; i < words.size(); i++) {
            if (words.get(i - 1).equals("--set")) {
                sets.add(words.get(i));
            }
        }
        return sets;
    }

    /** The same command with the tiny run, its recipe and one of its samples where the page names its own. */
    private List<String> onTheTinyRun(List<String> words) {
        Set<String> foreign = Set.of("student.model=", "corpus.limit=", "name=", "teacher.model=");
        List<String> given = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (i > 0 && words.get(i - 1).equals("--set") && foreign.stream().anyMatch(word::startsWith)) {
                given.removeLast();
            } else if (i > 0 && words.get(i - 1).equals("--sample")) {
                given.add(sample());
            } else if (i > 0 && words.get(i - 1).equals("--benchmark")) {
                given.add("playground");
            } else if (word.endsWith(".yaml") || word.equals("RECIPE")) {
                given.add(recipe.toString());
            } else if (word.matches("runs/[\\w.-]+(/.*)?|RUN")) {
                given.add(folder.resolve("runs/tiny") + word.replaceFirst("^(runs/[\\w.-]+|RUN)", ""));
            } else if (word.matches("[\\w-]+\\.(gguf|html|csv)")) {
                given.add(folder.resolve(System.nanoTime() + word).toString());
            } else {
                given.add(word);
            }
        }
        return given;
    }

    private String sample() {
        JsonNode row = Cogent.rows(folder.resolve("runs/tiny/sft.jsonl")).getFirst();
        return row.path("id").asString();
    }
}
