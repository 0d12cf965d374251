package cogent.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import cogent.cli.Cogent.Ran;
import cogent.llm.store.RunDatabase;
import cogent.model.tensor.LibTorch;
import cogent.pipeline.run.Version;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong is told in a line or two, each thing that is missing in its own: what, where, what to do; never a stack trace. */
class BadInputTest {
    private static final String ROW =
            "{\"id\": \"%s\", \"problem\": \"1+1?\", \"rationale\": \"2\", \"answer\": \"2\"}\n";

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "run                       | Missing required parameter: 'RECIPE'",
                "rnu x.yaml                | no such command: rnu. Did you mean \"run\"?",
                "run x.yaml --sett a=b     | no such option: --sett. Did you mean \"--set\"?",
                "run x.yaml y.yaml         | one argument too many: y.yaml",
                "inspect                   | Missing required subcommand",
                "init --seed x out         | '--seed'",
                "run missing.yaml          | missing.yaml: no such recipe",
                "serve mine --port 99999   | a port is a number from 0 to 65535, not 99999",
                "studio --port -1          | a port is a number from 0 to 65535, not -1",
                "studio pom.xml            | pom.xml is a file: give the folder that runs lie in",
                "serve playground-rules --chat-template-kwargs {\"x\":1} | playground-rules has no chat template that could heed it",
                "serve mechanical-editing --chat-template-kwargs {\"x\":1} | has no chat template that could heed it",
                "serve nowhere --chat-template-kwargs {\"x\":1} | no directory nowhere",
                "serve src --chat-template-kwargs {\"x\":1} | src has no chat template that could heed x",
                "serve src --chat-template-kwargs [1] | it is no JSON object",
                "inspect model --model no  | no"
            })
    void a_slip_on_the_command_line_is_two_lines_at_most(String line, String expected) {
        told(Cogent.run((Object[]) line.strip().split(" +", -1)), 2, expected);
    }

    @Test
    void a_verbose_run_keeps_what_happened_and_why_it_failed_in_a_log() throws IOException {
        Path recipe = Files.writeString(
                folder.resolve("verbose.yaml"),
                "runs: " + folder
                        + "\ncorpus: {path: none.jsonl}\nteacher: {url: playground}\nstudent: {model: none}\n");
        told(Cogent.run("curate", recipe, "--verbose"), 2, "none.jsonl: no such file");
        assertThat(folder.resolve("verbose/run.log"))
                .content()
                .contains("InputException", "none.jsonl: no such file", "\tat cogent.pipeline");
        assertThat(Cogent.run("plan", recipe, "--verbose").code()).isEqualTo(2);
    }

    @Test
    void without_arguments_there_is_help() {
        assertThat(Cogent.run().out()).contains("Usage: cogent", "cogent run recipes/quickstart.yaml");
    }

    @Test
    void a_gpu_that_is_not_there_is_told_before_anything_is_spent() throws IOException {
        assumeFalse(LibTorch.cudaIsAvailable());
        Path recipe = folder.resolve("gpu.yaml");
        Files.writeString(
                recipe,
                "runs: " + folder + "\ncorpus: {path: playground}\nteacher: {url: playground}\n"
                        + "student: {model: playground, device: cuda}\n");
        told(Cogent.run("run", recipe), 2, "libtorch sees no CUDA device here");
        assertThat(folder.resolve("gpu/run.db")).doesNotExist();
    }

    @Test
    void numbers_read_the_same_whatever_the_country() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            assertThat(Cogent.run("init", "--playground", folder.resolve("here"))
                            .out())
                    .containsPattern("\\d,\\d{3} parameters");
        } finally {
            Locale.setDefault(before);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "run -V", "inspect logps --version"})
    void every_command_says_its_version(String command) {
        Ran ran = Cogent.run((Object[]) command.split(" ", -1));
        assertThat(ran.code()).isZero();
        assertThat(ran.out().lines()).first().isEqualTo("Cogent " + Version.NUMBER);
        assertThat(ran.out())
                .containsPattern("(?m)^build     .+, \\d{4}-\\d{2}-\\d{2}$")
                .containsPattern("(?m)^libtorch  \\d+\\.\\d+\\.\\d+\\S*, \\w+-\\w+")
                .containsPattern("(?m)^java      25")
                .containsPattern("(?m)^platform  \\w+");
    }

    @Test
    void help_lists_the_commands_in_the_order_of_the_work() {
        List<String> lines = Cogent.run("--help").out().lines().toList();
        assertThat(lines)
                .allMatch(l -> l.length() <= 100)
                .anyMatch(l -> l.matches("  show +shows how one sample was curated, or .*"))
                .anyMatch(l -> l.matches("  serve +puts a model behind an OpenAI-compatible address .*"));
        assertThat(lines.stream().map(l -> l.strip().split(" ", -1)[0]))
                .containsSubsequence(
                        "run",
                        "plan",
                        "curate",
                        "sft",
                        "align",
                        "evaluate",
                        "chat",
                        "serve",
                        "init",
                        "doctor",
                        "inspect",
                        "recipe");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sft: {learning_rte: 1}    | x.yaml:1: unknown key \"sft.learning_rte\". Did you mean \"sft.learning_rate\"?",
                "sft: {epochs: many}       | x.yaml:1: \"sft.epochs\" cannot be \"many\": it takes a whole number from 1; the default is 3",
                "sft: {epochs: 0}          | x.yaml:1: \"sft.epochs\" cannot be 0: it takes a whole number from 1",
                "just words                | x.yaml: a recipe is a mapping of keys to values",
                "a: [1                     | x.yaml:1: not YAML: expected",
                "curate: {critic: {by: me}} | x.yaml:1: \"curate.critic.by\" cannot be \"me\": it takes one of teacher, student, both, none; the default is teacher",
                "curate: {critic: {unlikely: 25}} | x.yaml:1: \"curate.critic.unlikely\" cannot be 25: it takes a number from 0 to below 1",
                "{corpus: {path: playground}, student: {model: playground}, curate: {critic: {by: student}}} | the playground's student is untrained",
                "{corpus: {path: playground}, student: {model: playground}, curate: {critic: {by: both, student: raw}}} | set raw_sft.enabled: true",
                "curate: {critic: {votes: 4}} | x.yaml:1: curate.critic.votes must be odd",
                "curate: {verifier: {checks: [rule, magic]}} | it takes a list of some of judge, rule, blind",
                "curate: {verifier: {checks: [rule], second_judge: {model: m}}} | curate.verifier.second_judge is asked beside",
                "curate: {verifier: {blind: {by: both}}} | x.yaml:1: \"curate.verifier.blind.by\" cannot be \"both\": it takes one of teacher, student",
                "curate: {distractor: {mistakes: [typo]}} | it takes a list of some of calculation, misreading",
                "curate: {rethinker: {attempts: 0}} | x.yaml:1: \"curate.rethinker.attempts\" cannot be 0",
                "curate: {critic: {max_characters: 0}} | x.yaml:1: \"curate.critic.max_characters\" cannot be 0",
                "curate: {critic: {endpoint: {temperature: hot}}} | \"curate.critic.endpoint.temperature\" cannot be \"hot\"",
                "curate: {critic: {endpoint: {concurrency: 0}}} | \"curate.critic.endpoint.concurrency\" cannot be 0",
                "curate: {critic: {endpoint: {modle: m}}} | Did you mean \"curate.critic.endpoint",
                "corpus: {held_out: 1.5}   | x.yaml:1: \"corpus.held_out\" cannot be 1.5",
                "corpus: {clean: {script: Elvish}} | x.yaml:1: corpus.clean.script is no Unicode script: Elvish",
                "corpus: {clean: {min_characters: 9, max_characters: 3}} | corpus.clean.max_characters must be 0",
                "student: {model: playground} | corpus.path is not set"
            })
    void a_wrong_recipe_is_told_with_its_line(String yaml, String expected) throws IOException {
        told(
                Cogent.run("run", Files.writeString(folder.resolve("x.yaml"), yaml), "--set", set("runs", "runs")),
                2,
                expected);
    }

    @Test
    void a_wrong_corpus_is_told_with_file_and_line() throws IOException {
        told(curate("missing.jsonl"), 2, "missing.jsonl: no such file or folder", "nothing was run");
        Files.writeString(folder.resolve("text.jsonl"), "not json\n");
        told(curate("text.jsonl"), 2, "text.jsonl", "line 1 not JSON");
        Files.writeString(folder.resolve("empty.jsonl"), "");
        told(curate("empty.jsonl"), 2, "empty.jsonl: is empty");
        Files.writeString(folder.resolve("twice.jsonl"), ROW.formatted("a") + ROW.formatted("a"));
        assertThat(curate("twice.jsonl").err())
                .contains("2 refused (see " + folder.resolve("runs/x/refused.jsonl") + ")");
        assertThat(folder.resolve("runs/x/refused.jsonl"))
                .content()
                .contains("duplicate id \\\"a\\\" (first on line 1)");
    }

    @Test
    void a_teacher_that_is_not_there_or_says_no_is_named() throws IOException {
        Files.writeString(folder.resolve("one.jsonl"), ROW.formatted("a"));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        int[] status = {401};
        server.createContext("/", exchange -> {
            byte[] body = "{\"error\": {\"message\": \"no\"}}".getBytes(UTF_8);
            exchange.sendResponseHeaders(status[0], body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            String url = "http://localhost:" + server.getAddress().getPort() + "/v1";
            told(curate("one.jsonl", "teacher.url=" + url, "teacher.model=m"), 2, url, "401", "key");
            status[0] = 404;
            told(curate("one.jsonl", "teacher.url=" + url, "teacher.model=m"), 2, url, "404", "no model \"m\"");
        } finally {
            server.stop(0);
        }
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        told(
                curate(
                        "one.jsonl",
                        "teacher.url=http://localhost:" + free + "/v1",
                        "teacher.model=m",
                        "teacher.retries=0"),
                1,
                "connection refused",
                "Is the server up?");
    }

    @Test
    void a_student_that_cannot_be_read_is_told_before_anything_runs() throws IOException {
        Path good = folder.resolve("good");
        assertThat(Cogent.run("init", "--playground", good).code()).isZero();
        String config = Files.readString(good.resolve("config.json"));

        told(run(folder.resolve("nobody")), 2, "nobody: no such file or folder", "nothing was run");

        Path unknown = copy(good, "unknown");
        Files.writeString(unknown.resolve("config.json"), config.replaceAll("(?i)qwen2", "mamba"));
        told(run(unknown), 2, "config.json", "mamba");

        Path truncated = copy(good, "truncated");
        try (RandomAccessFile file =
                new RandomAccessFile(truncated.resolve("model.safetensors").toFile(), "rw")) {
            file.setLength(file.length() / 2);
        }
        told(run(truncated), 2, "model.safetensors");

        Path shape = copy(good, "shape");
        Files.writeString(
                shape.resolve("config.json"),
                config.replaceAll("\"intermediate_size\"\\s*:\\s*\\d+", "\"intermediate_size\": 16"));
        told(run(shape), 2, "shape");

        Path small = folder.resolve("small");
        Files.writeString(
                folder.resolve("small.json"), config.replaceAll("\"vocab_size\"\\s*:\\s*\\d+", "\"vocab_size\": 8"));
        assertThat(Cogent.run("init", "--config", folder.resolve("small.json"), small)
                        .code())
                .isZero();
        Files.copy(good.resolve("tokenizer.json"), small.resolve("tokenizer.json"));
        Files.copy(good.resolve("tokenizer_config.json"), small.resolve("tokenizer_config.json"));
        told(run(small), 2, "tokenizer", "8");
    }

    @Test
    void plan_and_run_name_all_that_keeps_a_later_stage_from_beginning_before_the_first_one_does() throws IOException {
        Files.writeString(folder.resolve("rows.jsonl"), ROW.formatted("a"));
        Files.writeString(folder.resolve("asked.jsonl"), "{\"question\": \"1+1?\"}\n");
        Path recipe = Files.writeString(folder.resolve("late.yaml"), """
                runs: %1$s/runs
                corpus: {path: %1$s/rows.jsonl}
                student: {model: playground, chat_template_kwargs: {x: 1}}
                teacher: {url: "http://127.0.0.1:9/v1", model: m, key_env: COGENT_NO_SUCH_KEY}
                raw_sft: {enabled: true}
                evaluate: {benchmarks: [gsm8k], data: {gsm8k: %1$s/asked.jsonl}}
                """.formatted(folder));
        String[] wanted = {"COGENT_NO_SUCH_KEY", "asked.jsonl", "student.chat_template_kwargs: no student.model"};
        Ran run = Cogent.run("run", recipe);
        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.err().replaceAll("\\s+", " ")).contains(wanted).doesNotContain("Exception");
        assertThat(folder.resolve("runs/late")).doesNotExist();
        assertThat(Cogent.run("plan", recipe).out().replaceAll("\\s+", " ")).contains(wanted);
        Files.writeString(folder.resolve("pairs.jsonl"), "{\"prompt\":\"a\",\"chosen\":\"b\",\"rejected\":\"c\"}\n");
        Path pairs = Files.writeString(folder.resolve("pairs.yaml"), """
                runs: %1$s/runs
                student: {model: playground, chat_template_kwargs: {x: 1}}
                align: {rows: %1$s/pairs.jsonl}
                evaluate: {benchmarks: []}
                """.formatted(folder));
        assertThat(Cogent.run("plan", pairs).out().replaceAll("\\s+", " ")).contains(wanted[2]);
    }

    @Test
    void a_run_directory_that_cannot_be_written_or_is_in_use_is_left_alone() throws IOException {
        Files.writeString(folder.resolve("one.jsonl"), ROW.formatted("a"));
        Files.writeString(folder.resolve("file"), "");
        told(curate("one.jsonl", set("runs", "file")), 2, "cannot write in the run directory");
        Path run = folder.resolve("runs/x");
        try (RunDatabase holder = RunDatabase.open(run)) {
            assertThat(holder).isNotNull();
            told(curate("one.jsonl"), 2, "is in use by another Cogent process (pid ");
        }
        assertThat(run.resolve("recipe.yaml")).doesNotExist();
    }

    @Test
    void debug_shows_where() {
        assertThat(Cogent.run("run", "missing.yaml", "--debug").err()).contains("\tat cogent.");
    }

    private Ran curate(String corpus, String... sets) throws IOException {
        return command("curate", Stream.concat(Stream.of(set("corpus.path", corpus)), Stream.of(sets)));
    }

    private Ran run(Path student) throws IOException {
        Files.writeString(folder.resolve("one.jsonl"), ROW.formatted("a"));
        Files.createDirectories(folder.resolve("runs/x"));
        Files.writeString(
                folder.resolve("runs/x/sft.jsonl"), "{\"id\": \"a\", \"prompt\": \"1 + 1\", \"completion\": \"2\"}\n");
        return command("sft", Stream.of(set("corpus.path", "one.jsonl"), "student.model=" + student));
    }

    private Ran command(String name, Stream<String> sets) throws IOException {
        Path recipe = Files.writeString(
                folder.resolve("x.yaml"), "runs: " + folder.resolve("runs") + "\nteacher: {url: playground}\n");
        List<Object> args = new ArrayList<>(List.of(name, recipe));
        sets.forEach(s -> args.addAll(List.of("--set", s)));
        return Cogent.run(args.toArray());
    }

    private String set(String key, String file) {
        return key + "=" + folder.resolve(file);
    }

    private Path copy(Path from, String name) throws IOException {
        Path to = Files.createDirectory(folder.resolve(name));
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
        return to;
    }

    private static void told(Ran ran, int code, String... parts) {
        assertThat(ran.code()).as(ran.err()).isEqualTo(code);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).contains(parts).doesNotContain("\tat ", "Exception");
        assertThat(ran.err().lines().filter(l -> !l.isBlank() && !l.startsWith("Cogent ") && !l.startsWith(" ")))
                .hasSizeBetween(1, 2);
    }
}
