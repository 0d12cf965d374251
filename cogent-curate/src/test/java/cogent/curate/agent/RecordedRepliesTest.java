package cogent.curate.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cogent.curate.rationale.RationaleLayout;
import cogent.curate.rationale.WrongRationale;
import cogent.data.Problem;
import cogent.data.Rationale;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Replies that a strong language model gave to the agents' first prompts, about rows of GSM8K (MIT, Copyright (c) 2021
 * OpenAI) and MATH (MIT, Copyright (c) 2021 Dan Hendrycks). All of them are sound; the wrong rationales after GSM8K's
 * solutions were once refused for the single newlines of their pattern.
 */
class RecordedRepliesTest {
    record Recorded(String id, String kind, Problem problem, Rationale rationale, String reply) {
        static Recorded of(JsonNode row) {
            String answer = row.path("answer").asString();
            return new Recorded(
                    row.path("id").asString(),
                    row.path("kind").asString(),
                    new Problem(row.path("id").asString(), row.path("problem").asString(), answer),
                    new Rationale(row.path("rationale").asString(), answer),
                    row.path("reply").asString());
        }

        /** From the prompt that was sent. */
        static Recorded of(JsonNode row, String prompt) {
            String answer = section(prompt, "answer");
            return new Recorded(
                    row.path("id").asString(),
                    row.path("kind").asString(),
                    new Problem("p", section(prompt, "problem"), answer),
                    new Rationale(section(prompt, "rationale"), answer),
                    row.path("reply").asString());
        }

        private static String section(String prompt, String name) {
            Matcher section = Pattern.compile(
                            "(?ms)^=== " + name + " (\\w{16}) ===\n(.*?)\n=== end " + name + " \\1 ===$")
                    .matcher(prompt);
            return section.find() ? section.group(2) : "";
        }

        @Override
        public String toString() {
            return kind + " " + id;
        }
    }

    static List<Recorded> replies() throws IOException {
        try (InputStream in = RecordedRepliesTest.class.getResourceAsStream("recorded-replies.jsonl")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> Recorded.of(JsonMapper.shared().readTree(line)))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("replies")
    void a_sound_reply_is_read_and_accepted(Recorded recorded) throws UnusableReply {
        accept(recorded);
    }

    /**
     * The whole recording, where {@code ../shared} is present: 42 of the 84 wrong rationales were refused when this was asked
     * for the first time. Three still are: short ones after originals that think aloud, which are no longer asked for.
     */
    @Test
    void of_all_that_was_recorded_only_what_is_unsound_is_refused() throws IOException {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.isDirectory(folder.resolve("shared/data"))) {
            folder = folder.getParent();
        }
        assumeTrue(folder != null, "no shared/data/llm_replies.jsonl.gz beside this checkout");
        Map<String, Integer> accepted = new TreeMap<>();
        List<String> refused = new ArrayList<>();
        Path file = folder.resolve("shared/data/llm_replies.jsonl.gz");
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode row = JsonMapper.shared().readTree(line);
                Recorded recorded = Recorded.of(row, row.path("prompt").asString());
                try {
                    accept(recorded);
                    accepted.merge(recorded.kind(), 1, Integer::sum);
                } catch (UnusableReply e) {
                    refused.add(recorded + ": " + e.getMessage());
                }
            }
        }
        assertThat(refused)
                .allMatch(reason -> reason.contains("differs too much in length"))
                .hasSize(3);
        assertThat(accepted)
                .isEqualTo(Map.of("critique", 32, "extend", 3, "simplify", 11, "verify", 14, "distract", 81));
    }

    private static void accept(Recorded recorded) throws UnusableReply {
        switch (recorded.kind()) {
            case "critique" ->
                assertThat(Critic.read(recorded.reply()).reasoning()).isNotBlank();
            case "verify" ->
                assertThat(Verifier.read(recorded.reply()).reason()).isNotBlank();
            case "extend", "simplify" ->
                assertThat(Verifier.rule(recorded.problem(), RationaleParser.read(recorded.reply(), recorded.problem()))
                                .result())
                        .isEqualTo(Verification.Result.PASSED);
            default -> {
                Rationale wrong = RationaleLayout.of(RationaleParser.read(recorded.reply(), recorded.problem()));
                Optional<String> objection =
                        WrongRationale.objection(recorded.problem(), wrong, RationaleLayout.of(recorded.rationale()));
                if (objection.isPresent()) {
                    throw UnusableReply.unfit(objection.get());
                }
            }
        }
    }
}
