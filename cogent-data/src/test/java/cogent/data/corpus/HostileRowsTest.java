package cogent.data.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.data.Draft;
import cogent.data.InputException;
import cogent.data.file.DuckRows;
import cogent.data.file.RefusedRow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Files damaged by chance and rows of any layout, by fixed seeds: rows, refused rows or an InputException, nothing else. */
class HostileRowsTest {
    private static final List<String> NAMES = List.of(
            "id",
            "problem",
            "question",
            "prompt",
            "instruction",
            "input",
            "rationale",
            "reasoning",
            "thinking",
            "reasoning_content",
            "reasoning_details",
            "response",
            "output",
            "solution",
            "generations",
            "answer",
            "final_answer",
            "messages",
            "conversations",
            "system",
            "tools",
            "weight",
            "history");
    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "p",
            "so \\boxed{4}",
            "<think>",
            "</think>",
            "<think>r</think>4",
            "Sure! <think>\nr",
            "a\n#### 4",
            "####",
            "<|begin_of_thought|>",
            "<|end_of_thought|>",
            "```x```",
            "on",
            "\ud800",
            "\u0000",
            "４");
    private static final String LINE =
            "{\"id\":\"%d\",\"problem\":\"2+2?\",\"messages\":[{\"role\":\"user\",\"content\":\"q\"},"
                    + "{\"role\":\"assistant\",\"reasoning\":\"r\",\"content\":[{\"type\":\"text\",\"text\":\"\\\\boxed{4}\"}]}],\"answer\":4}";

    @TempDir
    Path folder;

    @RepeatedTest(10)
    void a_damaged_file_is_told_in_words(RepetitionInfo repetition) throws IOException {
        var random = new SplittableRandom(repetition.getCurrentRepetition());
        String lines = LINE.formatted(1) + "\n" + LINE.formatted(2) + "\n" + LINE.formatted(3) + "\n";
        String csv = "id,problem,rationale,answer\n1,\"p, \"\"q\"\"\",\"r\nr\",4\n2,p,r,5\n";
        for (int i = 0; i < 40; i++) {
            read(damaged("a.jsonl", lines.getBytes(StandardCharsets.UTF_8), random));
            read(damaged(
                    "a.json", ("[" + lines.strip().replace("\n", ",") + "]").getBytes(StandardCharsets.UTF_8), random));
            read(damaged("a.csv", csv.getBytes(StandardCharsets.UTF_8), random));
        }
    }

    @Test
    void a_damaged_parquet_file_is_told_in_words() throws Exception {
        Path whole = folder.resolve("whole.parquet");
        try (var connection = DuckRows.open();
                var statement = connection.createStatement()) {
            statement.execute(
                    "COPY (SELECT 'p' || i AS problem, 'r' AS rationale, i AS answer FROM range(50) t(i)) TO '" + whole
                            + "' (FORMAT parquet)");
        }
        byte[] bytes = Files.readAllBytes(whole);
        var random = new SplittableRandom(7);
        for (int i = 0; i < 60; i++) {
            read(damaged("a.parquet", bytes, random));
        }
    }

    @RepeatedTest(10)
    void a_row_of_any_layout_is_a_sample_or_refused(RepetitionInfo repetition) throws IOException {
        var random = new SplittableRandom(100 + repetition.getCurrentRepetition());
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            ObjectNode row = JsonNodeFactory.instance.objectNode();
            for (int n = 1 + random.nextInt(6); n > 0; n--) {
                put(row, NAMES.get(random.nextInt(NAMES.size())), random, 0);
            }
            lines.add(JsonMapper.shared().writeValueAsString(row).replace("\ud800", "\\ud800"));
        }
        Path file = Files.write(folder.resolve("layouts.jsonl"), lines);
        List<RefusedRow> refused = new ArrayList<>();
        List<Draft> drafts = read(file, refused);
        assertThat(drafts.size() + refused.size()).isEqualTo(lines.size());
        assertThat(drafts).isNotEmpty();
        assertThat(refused).allSatisfy(row -> assertThat(row.reason()).isNotBlank());
    }

    private static void put(ObjectNode row, String name, SplittableRandom random, int depth) {
        switch (random.nextInt(depth > 2 ? 4 : 9)) {
            case 0 -> row.putNull(name);
            case 1 -> row.put(name, random.nextInt(3));
            case 2 -> row.put(name, random.nextBoolean());
            case 3 -> row.put(name, Double.longBitsToDouble(random.nextLong() & ~(1L << 62)));
            case 4 -> put(row.putObject(name), NAMES.get(random.nextInt(NAMES.size())), random, depth + 1);
            case 5 -> {
                ArrayNode list = row.putArray(name);
                for (int i = random.nextInt(4); i > 0; i--) {
                    ObjectNode message = list.addObject();
                    message.put(
                            "role",
                            List.of("user", "assistant", "system", "tool").get(random.nextInt(4)));
                    message.put("content", TEXTS.get(random.nextInt(TEXTS.size())));
                    put(message, NAMES.get(random.nextInt(NAMES.size())), random, depth + 1);
                }
            }
            default -> row.put(name, TEXTS.get(random.nextInt(TEXTS.size())));
        }
    }

    private Path damaged(String name, byte[] whole, SplittableRandom random) throws IOException {
        byte[] bytes =
                java.util.Arrays.copyOf(whole, random.nextInt(4) == 0 ? random.nextInt(whole.length) : whole.length);
        for (int n = random.nextInt(4); n > 0 && bytes.length > 0; n--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return Files.write(folder.resolve(name), bytes);
    }

    private static void read(Path file) {
        try {
            read(file, new ArrayList<>());
        } catch (InputException e) {
            assertThat(e.getMessage()).contains(String.valueOf(file.getFileName()));
        }
    }

    private static List<Draft> read(Path file, List<RefusedRow> refused) {
        try (Stream<Draft> drafts = new Corpus(file, Fields.RECOGNISED, 1).drafts(refused::add, _ -> {})) {
            return drafts.toList();
        }
    }
}
