package cogent.curate.run;

import cogent.curate.agent.AgentResult;
import cogent.curate.agent.Critic;
import cogent.curate.agent.Critique;
import cogent.curate.agent.Distraction;
import cogent.curate.agent.Distractor;
import cogent.curate.agent.Rethinker;
import cogent.curate.agent.Verification;
import cogent.curate.agent.Verification.Check;
import cogent.curate.agent.Verification.Finding;
import cogent.curate.agent.Verification.Result;
import cogent.curate.agent.Verifier;
import cogent.data.Difficulty;
import cogent.data.Problem;
import cogent.data.Rationale;
import cogent.llm.ChatException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** How often each agent is right on rationales that were labelled by hand: a look at a model before it is paid for more. */
public record AgentCheck(List<Labelled> set) {
    /**
     * One agent's score.
     *
     * @param what is counted as right
     * @param misses what it got wrong, a line each
     */
    public record Score(String agent, String what, int asked, List<String> misses) {
        public Score {
            misses = List.copyOf(misses);
        }

        public int right() {
            return asked - misses.size();
        }
    }

    /** @throws ChatException when the endpoint fails, here and below */
    public Score critic(Critic critic) {
        List<Labelled> labelled =
                set.stream().filter(item -> item.label() != null).toList();
        return score("critic", "labels it as by hand", labelled, item -> {
            Critique critique = critic.critique(item.sample());
            Difficulty label = critique.label();
            return label == item.label()
                    ? Optional.empty()
                    : Optional.of((label == null ? critique.failure() : word(label)) + ", by hand "
                            + word(Optional.ofNullable(item.label()).orElseThrow()));
        });
    }

    /** The checks of a Verifier, each for itself. */
    public List<Score> verifier(Verifier verifier) {
        List<Labelled> judged =
                set.stream().filter(item -> item.correct() != null).toList();
        List<Score> scores = new ArrayList<>();
        for (Check check : verifier.checks().stream().sorted().toList()) {
            Verifier alone = new Verifier(
                    verifier.judge(),
                    verifier.blind(),
                    verifier.second(),
                    verifier.continued(),
                    verifier.prompts(),
                    Set.of(check));
            scores.add(verdicts(check, alone, judged));
            if (check == Check.JUDGE && verifier.second() != null) {
                scores.add(verdicts(Check.SECOND_JUDGE, alone, judged));
            }
        }
        return scores;
    }

    private static Score verdicts(Check check, Verifier verifier, List<Labelled> judged) {
        String name = word(check);
        return score(name, "passes what is correct and nothing else", judged, item -> {
            Verification verification =
                    verifier.verify(item.sample().problem(), item.sample().rationale(), 1);
            Finding finding = verification.findings().stream()
                    .filter(one -> one.check() == check)
                    .findFirst()
                    .orElseThrow();
            boolean passed = finding.result() == Result.PASSED;
            return finding.result() != Result.UNREADABLE
                            && Boolean.valueOf(passed).equals(item.correct())
                    ? Optional.empty()
                    : Optional.of(word(finding.result()) + ": " + finding.reason());
        });
    }

    /** Whether rewrites of what is too brief or convoluted can be used and end in the reference answer. */
    public Score rethinker(Rethinker rethinker) {
        List<Labelled> unsuitable = set.stream()
                .filter(item -> item.label() == Difficulty.EASY || item.label() == Difficulty.HARD)
                .toList();
        return score("rethinker", "rewrites it and ends in the answer", unsuitable, item -> {
            Difficulty label = Optional.ofNullable(item.label()).orElseThrow();
            AgentResult<Rationale> rewrite = rethinker.rewrite(item.sample(), Rethinker.Revision.of(label), 1, null);
            return rewrite.value() == null
                    ? Optional.of(rewrite.failure())
                    : objection(item.sample().problem(), rewrite.value());
        });
    }

    private static Optional<String> objection(Problem problem, Rationale rewrite) {
        Finding finding = Verifier.rule(problem, rewrite);
        return finding.result() == Result.PASSED ? Optional.empty() : Optional.of(finding.reason());
    }

    /** Whether wrong rationales after balanced ones are really wrong and do not give themselves away. */
    public Score distractor(Distractor distractor) {
        List<Labelled> balanced =
                set.stream().filter(item -> item.label() == Difficulty.MEDIUM).toList();
        List<String> misses = new ArrayList<>();
        int asked = 0;
        List<List<Distraction>> all = each(
                balanced,
                item -> distractor.distract(
                        item.sample().problem(), item.sample().rationale(), Distraction.Against.SUITABLE));
        for (int i = 0; i < all.size(); i++) {
            for (Distraction one : all.get(i)) {
                asked++;
                if (one.reply().value() == null) {
                    misses.add(balanced.get(i).sample().id() + ", " + word(one.mistake()) + ": "
                            + one.reply().failure());
                }
            }
        }
        return new Score("distractor", "writes a wrong one that may be used", asked, misses);
    }

    private static Score score(
            String agent, String what, List<Labelled> items, Function<Labelled, Optional<String>> objection) {
        List<String> misses = new ArrayList<>();
        List<Optional<String>> objections = each(items, objection);
        for (int i = 0; i < items.size(); i++) {
            String id = items.get(i).sample().id();
            objections.get(i).ifPresent(why -> misses.add(id + ": " + why));
        }
        return new Score(agent, what, items.size(), misses);
    }

    /** All at the same time, in their order. */
    private static <T> List<T> each(List<Labelled> items, Function<Labelled, T> work) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> futures = items.stream()
                    .map(item -> threads.submit(() -> work.apply(item)))
                    .toList();
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
