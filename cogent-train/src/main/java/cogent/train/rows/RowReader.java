package cogent.train.rows;

import cogent.data.Gap;
import cogent.data.InputException;
import cogent.data.PreferencePair;
import cogent.data.SftRow;
import cogent.data.file.RefusedRow;
import cogent.data.file.Row;
import cogent.data.file.RowFile;
import cogent.model.hf.ModelConfig;
import cogent.train.objective.BetaRule;
import cogent.train.objective.WeightRule;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads training rows and tokenises them. A row holds text ({@code prompt}, {@code completion} | {@code chosen},
 * {@code rejected}), messages under the same names or as {@link Conversations} tells, or token ids (the names with
 * {@code _ids}), and for pairs {@code beta} and {@code gap}. What cannot be trained on is refused with its line and
 * reason and leaves no trace in the result but a count.
 *
 * @param encoding for rows of text
 * @param vocabulary ids must be below this
 * @param positions of the model ({@code max_position_embeddings}): what it was not made to reach, no row may reach
 * @param limit what becomes of long rows
 * @param scratch folder for the tokenised ids, deleted with the result
 * @param leftOut tells by its id why a row is to be left out, which is then refused for that reason
 */
public record RowReader(
        Encoding encoding,
        int vocabulary,
        int positions,
        LengthLimit limit,
        Path scratch,
        Function<String, Optional<String>> leftOut) {
    private static final TypeReference<List<Map<String, Object>>> MESSAGES = new TypeReference<>() {};
    private static final Path IN_MEMORY = Path.of("rows in memory");

    /** Leaves no row out that can be trained on. */
    public RowReader(Encoding encoding, int vocabulary, int positions, LengthLimit limit, Path scratch) {
        this(encoding, vocabulary, positions, limit, scratch, _ -> Optional.empty());
    }

    /** Rows for a model of this shape. */
    public static RowReader of(ModelConfig config, Encoding encoding, LengthLimit limit, Path scratch) {
        return new RowReader(encoding, config.vocabSize(), config.maxPositions(), limit, scratch);
    }

    /** @param reasons why a row is left out, by its id; empty where it is not */
    public RowReader leavingOut(Function<String, Optional<String>> reasons) {
        return new RowReader(encoding, vocabulary, positions, limit, scratch, reasons);
    }

    /**
     * Rows of an {@code sft.jsonl}.
     *
     * @throws InputException when the file cannot be read
     */
    public TrainingRows<Example> sft(Path file, Consumer<RefusedRow> refused) {
        return sftOf(List.of(source(file)), refused);
    }

    /**
     * Rows of one's own, wherever they come from.
     *
     * @param rows each as a line of an {@code sft.jsonl} would have it
     */
    public TrainingRows<Example> sft(Stream<? extends Map<String, ?>> rows, Consumer<RefusedRow> refused) {
        return sftOf(List.of(source(rows)), refused);
    }

    /** Rows as a curation makes them. */
    public TrainingRows<Example> sft(List<SftRow> rows, Consumer<RefusedRow> refused) {
        return sftOf(List.of(source(rows.stream())), refused);
    }

    private TrainingRows<Example> sftOf(List<Source> sources, Consumer<RefusedRow> refused) {
        TrainingRows.Examples rows = new TrainingRows.Examples(new TokenFile(scratch));
        read(sources, refused, rows, row -> {
            Conversations.Parted parted = Conversations.sft(row.fields());
            ObjectNode fields = parted.fields();
            int[] prompt = prompt(fields);
            int[] completion = completion(fields, "completion");
            int[] cut = limit.within(positions).completion(completion, prompt.length);
            int[] rest = limit.within(positions).prompt(prompt, cut == null ? completion.length : cut.length);
            if (rest == null) {
                throw new TooLong(prompt.length + completion.length, this);
            }
            int[] kept = cut == null ? completion : cut;
            if (rest.length + kept.length < prompt.length + completion.length) {
                rows.countTruncated();
            }
            rows.store(id(row), rest, kept);
            rows.countControlTokens(encoding.controlTokens(fields.toString()));
            countThinking(rows, fields, "completion");
            rows.nameUnused(parted.unused());
        });
        return rows;
    }

    /**
     * Rows of a {@code preferences.jsonl}.
     *
     * @param betas where each row's β comes from
     * @throws InputException when the file cannot be read
     */
    public TrainingRows<PairExample> pairs(Path file, BetaRule betas, Consumer<RefusedRow> refused) {
        return pairs(List.of(file), betas, WeightRule.EQUAL, EnumSet.allOf(Gap.class), refused);
    }

    /**
     * Pairs of one's own, wherever they come from.
     *
     * @param rows each as a line of a {@code preferences.jsonl} would have it
     */
    public TrainingRows<PairExample> pairs(
            Stream<? extends Map<String, ?>> rows, BetaRule betas, Consumer<RefusedRow> refused) {
        return pairsOf(List.of(source(rows)), betas, WeightRule.EQUAL, EnumSet.allOf(Gap.class), refused);
    }

    /** Pairs as a curation makes them. */
    public TrainingRows<PairExample> pairs(List<PreferencePair> pairs, BetaRule betas, Consumer<RefusedRow> refused) {
        return pairsOf(List.of(source(pairs.stream())), betas, WeightRule.EQUAL, EnumSet.allOf(Gap.class), refused);
    }

    /**
     * The rows of some gaps only, of several files one after the other; a row without a gap belongs to none and is taken
     * all the same.
     *
     * @param weights what the pairs count
     * @param gaps those that are taken
     */
    public TrainingRows<PairExample> pairs(
            List<Path> files, BetaRule betas, WeightRule weights, Set<Gap> gaps, Consumer<RefusedRow> refused) {
        return pairsOf(files.stream().map(RowReader::source).toList(), betas, weights, gaps, refused);
    }

    private TrainingRows<PairExample> pairsOf(
            List<Source> sources, BetaRule betas, WeightRule weights, Set<Gap> gaps, Consumer<RefusedRow> refused) {
        if (limit.policy() == LengthLimit.Policy.TRUNCATE_COMPLETION) {
            throw new InputException("completions of pairs are never truncated: use drop or truncate_prompt");
        }
        TrainingRows.Pairs rows = new TrainingRows.Pairs(new TokenFile(scratch));
        read(sources, refused, rows, row -> {
            Gap gap = gap(row.fields());
            if (gap != null && !gaps.contains(gap)) {
                return;
            }
            Conversations.Parted parted = Conversations.pair(row.fields());
            ObjectNode fields = parted.fields();
            int[] prompt = prompt(fields);
            int[] chosen = completion(fields, "chosen");
            int[] rejected = completion(fields, "rejected");
            if (Arrays.equals(chosen, rejected)) {
                throw new InputException("chosen and rejected are equal");
            }
            int[] rest = limit.within(positions).prompt(prompt, Math.max(chosen.length, rejected.length));
            if (rest == null) {
                throw new TooLong(prompt.length + Math.max(chosen.length, rejected.length), this);
            }
            rows.store(new PairExample(id(row), rest, chosen, rejected, betas.of(fields), weights.of(fields), gap));
            rows.countControlTokens(encoding.controlTokens(fields.toString()));
            countThinking(rows, fields, "chosen");
            rows.nameUnused(parted.unused());
            if (rest.length < prompt.length) {
                rows.countTruncated();
            }
        });
        return rows;
    }

    /** Where rows come from; told those that are no rows at all. */
    private interface Source {
        Stream<Row> open(Consumer<RefusedRow> refused);
    }

    private static Source source(Path file) {
        return refused -> RowFile.open(file, refused);
    }

    /** @param rows what Jackson makes objects of */
    private static Source source(Stream<?> rows) {
        AtomicLong row = new AtomicLong();
        return _ -> rows.map(fields ->
                new Row(IN_MEMORY, row.incrementAndGet(), JsonMapper.shared().valueToTree(fields)));
    }

    private void read(
            List<Source> sources, Consumer<RefusedRow> refused, TrainingRows<?> rows, Consumer<Row> tokenise) {
        Consumer<RefusedRow> counted = row -> {
            rows.countRefused(false);
            refused.accept(row);
        };
        Consumer<Row> taken = row -> {
            try {
                leftOut.apply(id(row)).ifPresent(reason -> {
                    throw new InputException(reason);
                });
                tokenise.accept(row);
            } catch (TooLong e) {
                rows.countRefused(true);
                refused.accept(row.refused(String.valueOf(e.getMessage())));
            } catch (InputException e) {
                counted.accept(row.refused(String.valueOf(e.getMessage())));
            }
        };
        try {
            for (Source source : sources) {
                try (Stream<Row> stream = source.open(counted)) {
                    stream.forEach(taken);
                }
            }
        } catch (RuntimeException e) {
            rows.close();
            throw e;
        }
    }

    private int[] prompt(ObjectNode fields) {
        int[] given = ids(fields, "prompt_ids");
        int[] prompt = given == null ? prompt(fields.path("prompt")) : given;
        if (prompt.length == 0) {
            throw new InputException(
                    "the prompt tokenises to nothing; the first token has nothing to be predicted from");
        }
        return checked(prompt, "prompt");
    }

    private int[] prompt(JsonNode textOrMessages) {
        return textOrMessages.isArray()
                ? encoding.prompt(
                        JsonMapper.shared().convertValue(Conversations.messages(textOrMessages, "prompt"), MESSAGES))
                : encoding.prompt(text(textOrMessages, "prompt"));
    }

    private int[] completion(ObjectNode fields, String name) {
        int[] given = ids(fields, name + "_ids");
        int[] completion = given == null ? encoding.completion(reply(fields.path(name), name)) : given;
        if (completion.length == 0) {
            throw new InputException("empty " + name);
        }
        return checked(completion, name);
    }

    private void countThinking(TrainingRows<?> rows, ObjectNode fields, String name) {
        if (!fields.hasNonNull(name + "_ids") && encoding.thinksUnasked(reply(fields.path(name), name))) {
            rows.countThinkingUnasked();
        }
    }

    private int[] checked(int[] ids, String name) {
        for (int id : ids) {
            if (id < 0 || id >= vocabulary) {
                throw new InputException(
                        "token id " + id + " in the " + name + " is outside the model's vocabulary of " + vocabulary);
            }
        }
        return ids;
    }

    private static String text(JsonNode value, String name) {
        if (!value.isString()) {
            throw new InputException(name + " is neither text nor messages");
        }
        if (value.asString().isBlank()) {
            throw new InputException("empty " + name);
        }
        return value.asString();
    }

    /** The text of a completion, which may be wrapped as one message of the assistant. */
    private static String reply(JsonNode value, String name) {
        if (!value.isContainer()) {
            text(value, name);
        }
        String reply = Conversations.reply(value, name);
        if (reply.isBlank()) {
            throw new InputException("empty " + name);
        }
        return reply;
    }

    private static int @Nullable [] ids(ObjectNode fields, String name) {
        JsonNode value = fields.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isArray() || !value.valueStream().allMatch(id -> id.isIntegralNumber() && id.canConvertToInt())) {
            throw new InputException(name + " is not a list of token ids");
        }
        return value.valueStream().mapToInt(JsonNode::asInt).toArray();
    }

    private static @Nullable Gap gap(ObjectNode fields) {
        JsonNode value = fields.get("gap");
        if (value == null || value.isNull()) {
            return null;
        }
        try {
            return Gap.valueOf(value.asString().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new InputException("gap is " + value.asString() + ", not small, medium or large", e);
        }
    }

    private static String id(Row row) {
        JsonNode value = row.fields().get("id");
        return value == null || value.isNull() ? "line " + row.line() : value.asString();
    }

    /** A row over the limit, told apart because it is counted by itself. */
    private static final class TooLong extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooLong(int tokens, RowReader reader) {
            super(
                    tokens > reader.positions
                            ? tokens + " tokens, over the model's max_position_embeddings of " + reader.positions
                            : tokens + " tokens, over the limit of " + reader.limit.maxTokens());
        }
    }
}
