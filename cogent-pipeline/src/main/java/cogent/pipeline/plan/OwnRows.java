package cogent.pipeline.plan;

import cogent.data.file.Row;
import cogent.data.file.RowFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * How much a recipe's own training rows hold, counted over all of them.
 *
 * @param ids token ids that stand in them
 * @param characters of their text
 * @param repeated the same of the prompts of pairs, which each side is read with
 * @param replies characters of each row but its prompt
 * @param some first texts
 * @param said first completions
 */
@SuppressWarnings("ArrayRecordComponent") // as in CorpusSize
record OwnRows(
        long rows, long ids, long characters, long repeated, int[] replies, List<String> some, List<String> said) {
    private static final int TOKENISED = 50;

    /** @throws cogent.data.InputException when the file is not there or cannot be read */
    static OwnRows of(Path file) {
        Tally all = new Tally();
        try (Stream<Row> rows = RowFile.open(file, _ -> {})) {
            rows.forEach(all::add);
        }
        return new OwnRows(
                all.rows,
                all.ids,
                all.characters,
                all.repeated,
                all.replies.build().toArray(),
                all.some,
                all.said);
    }

    /** @param perToken characters of a token in such texts */
    TrainingEstimate estimate(int sequences, ToDoubleFunction<List<String>> perToken) {
        double characters = perToken.applyAsDouble(some);
        double tokens = ids + (this.characters + (sequences == 2 ? repeated : 0)) / characters;
        double each = tokens / Math.max(1, rows) / sequences;
        double prompt = Math.min(each, repeated / characters / Math.max(1, rows));
        return new TrainingEstimate(rows, prompt, each - prompt, sequences);
    }

    /** @param frame tokens that a chat template adds */
    Lengths lengths(ToDoubleFunction<List<String>> perToken, int frame) {
        double characters = perToken.applyAsDouble(said.isEmpty() ? some : said);
        return new Lengths(IntStream.of(replies)
                .map(n -> frame + (int) Math.round(n / characters))
                .toArray());
    }

    private static final class Tally {
        private long rows;
        private long ids;
        private long characters;
        private long repeated;
        private final IntStream.Builder replies = IntStream.builder();
        private final List<String> some = new ArrayList<>();
        private final List<String> said = new ArrayList<>();

        void add(Row row) {
            rows++;
            long already = characters;
            long asked = repeated;
            for (String name : List.of("prompt", "completion", "chosen", "rejected", "messages", "conversations")) {
                long before = characters;
                text(row.fields().path(name));
                repeated += name.equals("prompt") ? characters - before : 0;
                long given = row.fields().path(name + "_ids").size();
                ids += name.equals("prompt") && row.fields().has("chosen_ids") ? 2 * given : given;
            }
            String completion = row.fields().path("completion").asString("");
            if (!completion.isEmpty() && said.size() < TOKENISED) {
                said.add(completion);
            }
            replies.add((int) (characters - already - (repeated - asked)));
        }

        private void text(JsonNode value) {
            if (value.isString()) {
                String text = value.asString();
                characters += text.length();
                if (some.size() < TOKENISED) {
                    some.add(text);
                }
            } else if (value.isObject()) {
                text(value.path("content"));
                text(value.path("value"));
            } else {
                value.forEach(this::text);
            }
        }
    }
}
