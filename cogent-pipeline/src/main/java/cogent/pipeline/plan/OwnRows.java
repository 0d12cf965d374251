package cogent.pipeline.plan;

import cogent.data.corpus.Fields;
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
 * @param ids token ids that stand in each
 * @param prompts characters of each row's prompt, which each side of a pair is read with
 * @param replies characters of each row but its prompt
 * @param some first texts
 * @param said first completions
 */
@SuppressWarnings("ArrayRecordComponent") // as in CorpusSize
record OwnRows(int[] ids, int[] prompts, int[] replies, List<String> some, List<String> said) {
    private static final int TOKENISED = 50;

    /** @throws cogent.data.InputException when the file is not there or cannot be read */
    static OwnRows of(Path file) {
        Tally all = new Tally();
        try (Stream<Row> rows = RowFile.open(file, _ -> {})) {
            rows.forEach(all::add);
        }
        return new OwnRows(
                all.ids.build().toArray(),
                all.prompts.build().toArray(),
                all.replies.build().toArray(),
                all.some,
                all.said);
    }

    /** Whether they are token ids, which no chat template adds to. */
    boolean isTokens() {
        return IntStream.of(ids).anyMatch(n -> n > 0);
    }

    /** @param perToken characters of a token in such texts */
    TrainingEstimate estimate(int sequences, ToDoubleFunction<List<String>> perToken) {
        double characters = perToken.applyAsDouble(some);
        Lengths lengths = new Lengths(IntStream.range(0, ids.length)
                .map(row -> ids[row] + (int) Math.round((sequences * prompts[row] + replies[row]) / characters))
                .toArray());
        double each = lengths.mean() / sequences;
        double prompt = Math.min(each, IntStream.of(prompts).average().orElse(0) / characters);
        return new TrainingEstimate(ids.length, prompt, each - prompt, sequences, lengths);
    }

    /** @param frame tokens that a chat template adds */
    Lengths lengths(ToDoubleFunction<List<String>> perToken, int frame) {
        double characters = perToken.applyAsDouble(said.isEmpty() ? some : said);
        return new Lengths(IntStream.of(replies)
                .map(n -> frame + (int) Math.round(n / characters))
                .toArray());
    }

    private static final class Tally {
        private int characters;
        private final IntStream.Builder ids = IntStream.builder();
        private final IntStream.Builder prompts = IntStream.builder();
        private final IntStream.Builder replies = IntStream.builder();
        private final List<String> some = new ArrayList<>();
        private final List<String> said = new ArrayList<>();

        void add(Row row) {
            characters = 0;
            int asked = 0;
            int given = 0;
            boolean conversation = Fields.CONVERSATION.stream().anyMatch(row.fields()::has);
            String asks = conversation || has(row, "prompt")
                    ? "prompt"
                    : Fields.question(row.fields()).orElse("prompt");
            String answers = conversation || has(row, "completion") || has(row, "chosen")
                    ? "completion"
                    : Fields.reply(row.fields()).orElse("completion");
            List<String> names = new ArrayList<>(List.of(asks, answers, "chosen", "rejected"));
            names.addAll(asks.equals("instruction") ? List.of("input") : Fields.CONVERSATION);
            for (String name : names) {
                int before = characters;
                text(row.fields().path(name));
                asked += name.equals(asks) ? characters - before : 0;
                int here = row.fields().path(name + "_ids").size();
                given += name.equals("prompt") && row.fields().has("chosen_ids") ? 2 * here : here;
            }
            String completion = row.fields().path(answers).asString("");
            if (!completion.isEmpty() && said.size() < TOKENISED) {
                said.add(completion);
            }
            ids.add(given);
            prompts.add(asked);
            replies.add(characters - asked);
        }

        private static boolean has(Row row, String name) {
            return row.fields().has(name) || row.fields().has(name + "_ids");
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
