package cogent.pipeline.curate;

import cogent.curate.agent.StudentProbe;
import cogent.data.RowFormat;
import cogent.llm.ChatModel;
import cogent.llm.ChatReply;
import cogent.local.LocalChatModel;
import cogent.model.decoder.LanguageModel;
import cogent.model.generate.Sampler;
import cogent.model.text.Tokenizer;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.Students;
import cogent.train.forward.RankSurprisal;
import cogent.train.forward.TokenRanks;
import cogent.train.rows.Encoding;
import cogent.train.rows.Example;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The small model as the curation asks it: it reads a rationale in the very form in which it would be trained on it. One
 * thread of its own computes; callers wait.
 */
final class StudentReader implements StudentProbe, AutoCloseable {
    /** Blind readings that are generated together. */
    private static final int BLIND_READERS = 32;
    /** A final answer is short; what goes on longer leads nowhere. */
    private static final int ANSWER_TOKENS = 64;
    /** No token is impossible: only the ratio is asked for. */
    private static final double NOTHING = 0;

    private final LanguageModel model;
    private final Tokenizer tokenizer;
    private final Encoding encoding;
    private final RowFormat rows;
    private final int microBatchTokens;
    private final LocalChatModel blind;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("student").factory());

    /** @throws cogent.data.InputException when the directory is no model that is supported and whole */
    StudentReader(Recipe recipe, Path directory) {
        model = Students.loadToRead(recipe, directory);
        try {
            tokenizer = Tokenizer.load(directory);
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
        encoding = Encoding.of(Students.format(recipe, tokenizer));
        rows = recipe.format().rows();
        microBatchTokens = recipe.sft().training().microBatchTokens();
        model.requireFits(tokenizer);
        blind = LocalChatModel.of(
                "student",
                model,
                tokenizer,
                new LocalChatModel.Settings(
                        // by itself where the company of others, whose rationales come when a teacher has them, must
                        // not count
                        recipe.student().deterministic() ? 1 : BLIND_READERS,
                        ANSWER_TOKENS,
                        Sampler.GREEDY,
                        0,
                        Students.CLOCK,
                        recipe.student().chatTemplateKwargs()));
    }

    /** The student going on with a completion that breaks off before its answer: replies with that answer alone. */
    ChatModel blind() {
        return request -> {
            ChatReply reply = blind.continueLastMessage(request);
            String answer = upToTheEnd(reply.text());
            return new ChatReply(
                    reply.model(),
                    answer,
                    "",
                    answer.length() < reply.text().length() ? ChatReply.Finish.STOP : reply.finish(),
                    reply.usage());
        };
    }

    /** Up to the brace that closes the box which the completion opened, or the end of the line. */
    static String upToTheEnd(String text) {
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (depth < 0 || (c == '\n' && !text.substring(0, i).isBlank())) {
                return text.substring(0, i).strip();
            }
        }
        return text.strip();
    }

    /** A rationale as token ids; the answer's are those from {@code answer} up to {@code end} of the completion. */
    private record Encoded(Example row, int answer, int end) {}

    @Override
    public List<Measure> measure(List<Work> works) {
        try {
            return thread.submit(() -> measured(works)).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the student was measured", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
        }
    }

    private List<Measure> measured(List<Work> works) {
        List<Encoded> encoded = works.stream().map(this::encode).toList();
        List<Example> fitting =
                encoded.stream().filter(this::fits).map(Encoded::row).toList();
        List<TokenRanks> ranks = TokenRanks.of(model, fitting, microBatchTokens);
        List<Measure> measures = new ArrayList<>();
        int next = 0;
        for (Encoded one : encoded) {
            measures.add(fits(one) ? measure(one, ranks.get(next++)) : Measure.tooLong(one.answer()));
        }
        return measures;
    }

    private boolean fits(Encoded encoded) {
        return encoded.row().tokens() <= model.config().maxPositions();
    }

    private static Measure measure(Encoded encoded, TokenRanks ranks) {
        return new Measure(
                mean(ranks.logps(), encoded.answer(), encoded.end()),
                mean(ranks.logps(), 0, encoded.answer()),
                RankSurprisal.of(ranks, 0, encoded.answer(), NOTHING).ratio(),
                encoded.answer(),
                true);
    }

    private static double mean(float[] logps, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += logps[i];
        }
        return to == from ? 0 : sum / (to - from);
    }

    /** The parts are found by what the encodings have in common: a token may span where one text ends and the next begins. */
    private Encoded encode(Work work) {
        RowFormat.Opening opening = rows.opening(work.text());
        String answered = opening.before() + work.problem().answer();
        int[] completion = encoding.completion(answered + opening.after());
        int answer = common(completion, encoding.completion(opening.before()));
        int end = Math.max(answer + 1, common(completion, encoding.completion(answered)));
        return new Encoded(
                new Example(work.problem().id(), encoding.prompt(rows.prompt(work.problem())), completion),
                answer,
                Math.min(end, completion.length));
    }

    private static int common(int[] whole, int[] beginning) {
        int mismatch = Arrays.mismatch(whole, beginning);
        return mismatch < 0 ? whole.length : mismatch;
    }

    @Override
    public void close() {
        blind.close();
        thread.close();
        tokenizer.close();
        model.close();
    }
}
