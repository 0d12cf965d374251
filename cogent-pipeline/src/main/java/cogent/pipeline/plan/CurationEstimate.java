package cogent.pipeline.plan;

import cogent.data.Count;
import cogent.llm.run.ChatModels;
import cogent.pipeline.recipe.EndpointConfig;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.RecipeReader;
import cogent.pipeline.run.RunDirectory;
import cogent.train.loop.TrialStep;
import java.util.Locale;
import java.util.Optional;

/** What curation asks of the teacher. */
public final class CurationEstimate {
    /** The built-in prompts without their sections. */
    private static final int INSTRUCTIONS = 450;
    /** What a judge writes besides its label or verdict. */
    private static final int JUDGEMENT = 200;
    /** Until the Critic has spoken nobody knows. */
    static final double REWRITTEN = 2 / 3.0;
    /** How fast one reply comes while many come at once; `cogent curate --estimate` measures it. */
    public static final double TOKENS_PER_SECOND = 30;
    /** A call of the built-in teacher; measured on two cores. */
    private static final double BUILT_IN_SECONDS = 0.001;

    private CurationEstimate() {}

    /** At most: when only the last sample of every problem reaches its answer. */
    static Estimate author(Recipe recipe, CorpusSize corpus) {
        double calls = (double) corpus.missing() * recipe.curate().author().samples();
        Estimate estimate = Estimate.of("%s, at most %s"
                        .formatted(
                                Count.of(corpus.missing(), "missing rationale"), Count.of(Math.round(calls), "call")))
                .with("rows", (double) corpus.missing())
                .with("calls", calls);
        return priced(
                recipe,
                estimate,
                RecipeReader.endpoint(recipe.teacher(), recipe.curate().author().endpoint()),
                calls,
                calls * (INSTRUCTIONS + corpus.problem()),
                calls * corpus.rationale());
    }

    /** @param tried its first rows, where they could be */
    static Estimate of(Recipe recipe, CorpusSize corpus, Optional<CurationTrial> tried, Trial trial) {
        EndpointConfig teacher = recipe.teacher();
        double votes = recipe.curate().critic().teacherVotes();
        double wrong = recipe.curate().distractor().perProblem() * (1 + REWRITTEN);
        double read = recipe.curate().verifier().medium() ? 1 - REWRITTEN : 0;
        double calls = corpus.rows() * (votes + 2 * REWRITTEN + read + wrong);
        double in = calls * (INSTRUCTIONS + corpus.tokens());
        double out = corpus.rows()
                * ((votes + read) * JUDGEMENT
                        + REWRITTEN * (corpus.rationale() + JUDGEMENT)
                        + wrong * corpus.rationale());
        Estimate estimate = Estimate.of("%s, about %s"
                        .formatted(Count.of(corpus.rows(), "rationale"), Count.of(Math.round(calls), "call")))
                .with("rows", (double) corpus.rows())
                .with("calls", (double) Math.round(calls));
        if (tried.isPresent()) {
            return estimate.with("seconds", tried.get().seconds(corpus.rows())).measured();
        }
        Estimate asked = priced(recipe, estimate, teacher, calls, in, out);
        Optional<Double> reading = recipe.curate().critic().measures()
                ? trial.reading(new TrialStep.Shape(
                        (int) Math.max(1, Math.round(corpus.prompt())),
                        (int) Math.max(2, Math.round(corpus.replies().mean())),
                        false))
                : Optional.empty();
        return reading.map(row -> asked.with(
                        "seconds", asked.numbers().getOrDefault("seconds", 0).doubleValue() + corpus.rows() * row))
                .orElse(asked);
    }

    private static Estimate priced(
            Recipe recipe, Estimate estimate, EndpointConfig teacher, double calls, double in, double out) {
        if (Recipe.PLAYGROUND.equals(teacher.url())) {
            return estimate.with("seconds", calls * BUILT_IN_SECONDS)
                    .assuming("a millisecond for a call of the built-in teacher");
        }
        Estimate full = estimate.with("tokens_in", in).with("tokens_out", out);
        double cost = (in * teacher.priceIn() + out * teacher.priceOut()) / 1e6;
        Estimate costing = cost > 0 ? full.with("cost", cost) : full;
        double call = RunDirectory.of(recipe).isBegun()
                ? ChatModels.meanSeconds(RunDirectory.of(recipe).root())
                : 0;
        return call > 0
                ? costing.with("seconds", limited(teacher, calls, in + out, calls * call))
                        .measured()
                : costing.with("seconds", seconds(teacher, calls, in + out, out))
                        .assuming(speed());
    }

    static String speed() {
        return String.format(Locale.ROOT, "replies at %.0f tokens a second", TOKENS_PER_SECOND);
    }

    /** The slowest of the three: replies as they come, the limit of requests, the limit of tokens. */
    static double seconds(EndpointConfig teacher, double calls, double tokens, double out) {
        return limited(teacher, calls, tokens, out / TOKENS_PER_SECOND);
    }

    /** @param waiting seconds of all replies, one after the other */
    private static double limited(EndpointConfig teacher, double calls, double tokens, double waiting) {
        double replies = waiting / Math.min(teacher.concurrency(), Math.max(1, calls));
        double requests = teacher.requestsPerMinute() > 0 ? calls * 60 / teacher.requestsPerMinute() : 0;
        double limit = teacher.tokensPerMinute() > 0 ? tokens * 60 / teacher.tokensPerMinute() : 0;
        return Math.max(replies, Math.max(requests, limit));
    }
}
