package cogent.data.corpus;

import cogent.data.InputException;
import cogent.data.PreferencePair;
import cogent.data.SftRow;
import cogent.data.file.DuckRows;
import cogent.data.file.JsonLinesWriter;
import cogent.data.file.Row;
import cogent.data.file.RowFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes training rows in the formats of other trainers, row by row. A target that ends in {@code .parquet} becomes Parquet,
 * any other JSON Lines; one that promises something else is refused.
 */
public final class Export {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Endings that readers take for another format. */
    private static final Pattern OTHER = Pattern.compile("(?i)\\.(csv|tsv|xlsx?|ya?ml|arrow|gz|bz2|xz|zst|zip)$");

    /** Whose format. */
    public enum Format {
        /** TRL, conversational: message lists in {@code prompt}, {@code completion}, {@code chosen}, {@code rejected}. */
        TRL,
        /** TRL as plain text; for pairs also the row of CogPO's authors ({@code prompt, chosen, rejected, beta}). */
        TRL_TEXT,
        /** LLaMA-Factory's alpaca: {@code instruction, input, output}, or {@code chosen, rejected} with {@code ranking}. */
        ALPACA,
        /** LLaMA-Factory's sharegpt: {@code conversations}, with {@code chosen} and {@code rejected} turns for pairs. */
        SHAREGPT,
        /** OpenAI's fine-tuning files: {@code messages}; preferred and non-preferred outputs for pairs. */
        OPENAI
    }

    private Export() {}

    /** @return how many rows were written */
    public static long sft(Path rows, Format format, Path target) {
        try (Stream<SftRow> read = SftRows.read(rows)) {
            return write(read.map(row -> sft(row, format)), target);
        }
    }

    /** @return how many pairs were written, those of several files one after the other */
    public static long preferences(List<Path> pairs, Format format, Path target) {
        return write(
                pairs.stream()
                        .flatMap(file -> PreferencePairs.read(file, OptionalDouble.empty()))
                        .map(pair -> preference(pair, format)),
                target);
    }

    static ObjectNode sft(SftRow row, Format format) {
        ObjectNode out = JSON.createObjectNode();
        switch (format) {
            case TRL -> {
                message(out.putArray("prompt"), "user", row.prompt());
                message(out.putArray("completion"), "assistant", row.completion());
            }
            case TRL_TEXT -> out.put("prompt", row.prompt()).put("completion", row.completion());
            case ALPACA -> out.put("instruction", row.prompt()).put("input", "").put("output", row.completion());
            case SHAREGPT -> {
                ArrayNode turns = out.putArray("conversations");
                turn(turns.addObject(), "human", row.prompt());
                turn(turns.addObject(), "gpt", row.completion());
            }
            case OPENAI ->
                message(message(out.putArray("messages"), "user", row.prompt()), "assistant", row.completion());
        }
        return out;
    }

    static ObjectNode preference(PreferencePair pair, Format format) {
        ObjectNode out = JSON.createObjectNode();
        switch (format) {
            case TRL -> {
                message(out.putArray("prompt"), "user", pair.prompt());
                message(out.putArray("chosen"), "assistant", pair.chosen());
                message(out.putArray("rejected"), "assistant", pair.rejected());
                out.put("beta", pair.beta());
            }
            case TRL_TEXT ->
                out.put("prompt", pair.prompt())
                        .put("chosen", pair.chosen())
                        .put("rejected", pair.rejected())
                        .put("beta", pair.beta());
            case ALPACA ->
                out.put("instruction", pair.prompt())
                        .put("input", "")
                        .put("chosen", pair.chosen())
                        .put("rejected", pair.rejected());
            case SHAREGPT -> {
                turn(out.putArray("conversations").addObject(), "human", pair.prompt());
                turn(out.putObject("chosen"), "gpt", pair.chosen());
                turn(out.putObject("rejected"), "gpt", pair.rejected());
            }
            case OPENAI -> {
                message(out.putObject("input").putArray("messages"), "user", pair.prompt());
                message(out.putArray("preferred_output"), "assistant", pair.chosen());
                message(out.putArray("non_preferred_output"), "assistant", pair.rejected());
            }
        }
        return out;
    }

    private static ArrayNode message(ArrayNode messages, String role, String content) {
        messages.addObject().put("role", role).put("content", content);
        return messages;
    }

    private static void turn(ObjectNode turn, String from, String value) {
        turn.put("from", from).put("value", value);
    }

    private static long write(Stream<ObjectNode> rows, Path target) {
        if (OTHER.matcher(target.toString()).find()) {
            throw new InputException(
                    target + ": rows are written as JSON Lines (.jsonl) or Parquet (.parquet); name it so");
        }
        if (!target.toString().endsWith(".parquet")) {
            return writeLines(rows, target);
        }
        Path lines = target.resolveSibling("." + target.getFileName() + ".jsonl");
        try {
            long count = writeLines(rows, lines);
            try (Stream<Row> written = RowFile.open(lines)) {
                Row first = written.findFirst()
                        .orElseThrow(() -> new InputException(target + ": there is no row to write"));
                DuckRows.toParquet(lines, first.fields(), target);
            }
            return count;
        } finally {
            deleteQuietly(lines);
        }
    }

    private static long writeLines(Stream<ObjectNode> rows, Path target) {
        try (JsonLinesWriter out = JsonLinesWriter.create(target)) {
            long count = rows.mapToLong(row -> {
                        out.write(row);
                        return 1;
                    })
                    .sum();
            out.commit();
            return count;
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            return; // a hidden leftover harms nobody; the failure before it is the one to tell
        }
    }
}
