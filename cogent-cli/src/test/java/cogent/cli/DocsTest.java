package cogent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What the pages say is there: links, anchors, files, commands, options, recipe keys, classes, packages. */
final class DocsTest {
    static final Path ROOT = root();

    private static final Pattern FENCE = Pattern.compile("(?ms)^```.*?^```$");
    private static final Pattern CODE =
            Pattern.compile("(?s)```(.*?)```|`([^`\n]+)`|^ {4}(\\S[^\n]*)", Pattern.MULTILINE);
    private static final Pattern JAVA = Pattern.compile("(?s)```java\n(.*?)```");
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.*)$");
    private static final Pattern COMMAND = Pattern.compile("(?m)(?:\\./cogent|^cogent) ([a-z][^\n#]*)");
    private static final Pattern OPTION = Pattern.compile("(?<=\\s)--[a-z][a-z-]*");
    private static final Pattern CLASS = Pattern.compile("[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)+(?=$|\\.|<|\\()");
    private static final Pattern QUALIFIED =
            Pattern.compile("(?<![-\\w.])cogent(?:\\.[a-z][a-z0-9]*)+(?:\\.[A-Z]\\w*)?(?![\\w=])");
    private static final Pattern KEY = Pattern.compile("[a-z_]+(?:\\.(?!jsonl)[a-z_0-9]+)+");
    private static final Pattern FILE = Pattern.compile("(?:docs|scripts|recipes|cogent-[a-z]+)/[\\w./-]*\\w");
    private static final Pattern DECLARED = Pattern.compile("\\b(?:class|record|interface|enum) ([A-Z]\\w*)");

    /** Names that others gave. */
    private static final Set<String> FOREIGN = Set.of("MinHashFilter");

    static final List<Path> MODULES = modules();
    private static final Set<String> TYPES = types();

    static List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(
                            Stream.of("README.md", "CONTRIBUTING.md", "SECURITY.md", "cogent-examples/README.md")
                                    .map(ROOT::resolve),
                            docs.filter(file -> file.toString().endsWith(".md")).sorted())
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void links_lead_somewhere(Path page) {
        List<String> dead = links(page).filter(link -> !leads(page, link)).toList();
        assertThat(dead).as("dead links of " + page).isEmpty();
    }

    @Test
    void every_page_is_reached_from_the_index() throws IOException {
        Set<Path> reached = new HashSet<>();
        Deque<Path> open = new ArrayDeque<>(List.of(ROOT.resolve("docs/index.md")));
        while (!open.isEmpty()) {
            Path page = open.pop();
            if (reached.add(page)) {
                links(page)
                        .map(link -> target(page, link))
                        .filter(pages()::contains)
                        .forEach(open::push);
            }
        }
        assertThat(pages().stream().filter(page -> !reached.contains(page)))
                .as("pages that docs/index.md does not lead to")
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void commands_and_their_options_exist(Path page) {
        List<String> wrong = new ArrayList<>();
        for (String code : code(page)) {
            COMMAND.matcher(code)
                    .results()
                    .map(found -> found.group(1))
                    .forEach(command -> wrong.addAll(wrong(command)));
        }
        assertThat(wrong).as("commands of " + page).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void classes_packages_files_and_recipe_keys_exist(Path page) {
        JsonNode recipe = new YAMLMapper().readTree(Cogent.run("recipe").out());
        List<String> missing = new ArrayList<>();
        for (String code : code(page)) {
            QUALIFIED
                    .matcher(code)
                    .results()
                    .map(MatchResult::group)
                    .filter(name -> !isThere(name))
                    .forEach(missing::add);
            if (code.contains("\n")) {
                continue;
            }
            if (CLASS.matcher(code).lookingAt()) {
                String name = code.split("[.<(]", 2)[0];
                if (!TYPES.contains(name) && !FOREIGN.contains(name)) {
                    missing.add(code);
                }
            }
            if (KEY.matcher(code).matches()
                    && recipe.has(code.substring(0, code.indexOf('.')))
                    && !isKey(recipe, code)) {
                missing.add(code);
            }
            FILE.matcher(code)
                    .results()
                    .filter(file -> file.start() == 0
                            && !file.group().contains("/target") // what a build leaves
                            && !Files.exists(ROOT.resolve(file.group())))
                    .map(MatchResult::group)
                    .forEach(missing::add);
        }
        assertThat(missing).as("named by " + page + " and not there").isEmpty();
    }

    @Test
    void the_recipe_reference_is_what_the_command_prints() throws IOException {
        String reference = """
                # Every key of a recipe

                What `./cogent recipe` prints: every key with its default and meaning. A recipe names only what differs.

                ```yaml
                %s
                ```
                """.formatted(Cogent.run("recipe").out().stripTrailing());
        Path fresh =
                Files.writeString(Files.createDirectories(Path.of("target")).resolve("recipe.md"), reference);
        assertThat(ROOT.resolve("docs/reference/recipe.md"))
                .as("stale: put %s in its place", fresh.toAbsolutePath())
                .hasContent(reference);
    }

    @Test
    void java_on_the_pages_is_that_of_the_examples() throws IOException {
        String examples;
        try (Stream<Path> files = Files.list(ROOT.resolve("cogent-examples/src/main/java/cogent/examples"))) {
            examples = files.map(file -> packed(read(file))).collect(Collectors.joining());
        }
        for (Path page : pages()) {
            assertThat(JAVA.matcher(read(page)).results().map(block -> packed(block.group(1))))
                    .as("Java on " + page)
                    .allMatch(examples::contains);
        }
    }

    private static String packed(String java) {
        return java.replaceAll("\\s+", "");
    }

    private static boolean leads(Path page, String link) {
        if (link.startsWith("https://")) {
            return true;
        }
        Path target = target(page, link);
        if (!target.startsWith(ROOT) || !Files.exists(target)) {
            return false;
        }
        int anchor = link.indexOf('#');
        return anchor < 0 || anchors(target).contains(link.substring(anchor + 1));
    }

    private static Path target(Path page, String link) {
        String path = link.replaceFirst("#.*", "");
        return path.isEmpty() ? page : page.resolveSibling(path).normalize();
    }

    private static Stream<String> links(Path page) {
        return LINK.matcher(FENCE.matcher(read(page)).replaceAll("")).results().map(link -> link.group(1));
    }

    /** As GitHub makes them of headings. */
    private static Set<String> anchors(Path page) {
        return HEADING.matcher(FENCE.matcher(read(page)).replaceAll(""))
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1")
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    /** Blocks and spans of code. */
    private static List<String> code(Path page) {
        return CODE.matcher(read(page))
                .results()
                .map(code ->
                        code.group(1) != null ? code.group(1) : code.group(2) != null ? code.group(2) : code.group(3))
                .toList();
    }

    /** What is wrong with a command such as {@code curate|sft RECIPE --estimate}. */
    private static List<String> wrong(String command) {
        List<String> wrong = new ArrayList<>();
        String[] words = command.split("\\s+", -1);
        for (String name : words[0].split("\\|", -1)) {
            Cogent.Ran help = Cogent.run(name, "--help");
            if (help.code() != 0) {
                wrong.add("no command " + name + ": " + command);
                continue;
            }
            String options = help.out();
            if (words.length > 1 && words[1].matches("[a-z]+")) {
                Cogent.Ran nested = Cogent.run(name, words[1], "--help");
                if (nested.code() == 0) {
                    options += nested.out();
                } else if (name.equals("inspect")) {
                    wrong.add("no command " + name + " " + words[1]);
                }
            }
            Set<String> known =
                    OPTION.matcher(options).results().map(MatchResult::group).collect(Collectors.toSet());
            OPTION.matcher(command)
                    .results()
                    .map(MatchResult::group)
                    .filter(option -> !known.contains(option))
                    .forEach(option -> wrong.add("no option " + option + ": " + command));
        }
        return wrong;
    }

    /** Down to where the recipe says no more: what stands below is the user's own. */
    private static boolean isKey(JsonNode recipe, String key) {
        JsonNode at = recipe;
        for (String name : key.split("\\.", -1)) {
            if (!at.isObject() || at.isEmpty()) {
                return true;
            }
            if (!at.has(name)) {
                return false;
            }
            at = at.get(name);
        }
        return true;
    }

    private static boolean isThere(String name) {
        String path = name.replace('.', '/');
        return Files.exists(ROOT.resolve(name)) // cogent.cmd
                || MODULES.stream()
                        .flatMap(module ->
                                Stream.of("src/main/java/", "src/test/java/").map(java -> module.resolve(java + path)))
                        .anyMatch(path2 -> Files.isDirectory(path2) || Files.exists(Path.of(path2 + ".java")));
    }

    private static List<Path> modules() {
        try (Stream<Path> folders = Files.list(ROOT)) {
            return folders.filter(folder -> Files.isDirectory(folder.resolve("src/main/java")))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> types() {
        Set<String> types = new TreeSet<>();
        for (Path module : MODULES) {
            try (Stream<Path> files = Files.find(
                    module.resolve("src"), 20, (file, _) -> file.toString().endsWith(".java"))) {
                files.forEach(file -> DECLARED.matcher(read(file)).results().forEach(type -> types.add(type.group(1))));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return types;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path root() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.exists(at.resolve("mvnw"))) {
            at = at.getParent();
        }
        return at;
    }
}
