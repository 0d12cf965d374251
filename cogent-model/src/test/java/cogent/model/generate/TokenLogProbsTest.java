package cogent.model.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cogent.data.InputException;
import cogent.model.decoder.DecoderTest;
import cogent.model.decoder.LanguageModel;
import cogent.model.decoder.ReferenceDecoder;
import cogent.model.generate.Generation.Completion;
import cogent.model.generate.Generation.FinishReason;
import cogent.model.generate.Generation.Logprobs;
import cogent.model.hf.Configs;
import cogent.model.hf.ModelConfig;
import cogent.model.tensor.LibTorch;
import cogent.model.tensor.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TokenLogProbsTest {
    private static final Sampler REPEATING_LITTLE = new Sampler(0.9, 5, 1, 0, Penalties.repetition(1.7));

    @BeforeAll
    static void oneThread() {
        LibTorch.threads(1);
    }

    static Stream<ModelConfig> families() {
        return DecoderTest.familiesAndWide();
    }

    /** What each request was told: its prompt's tokens, then the new ones. */
    private static Map<Integer, List<TokenScore>> told(
            LanguageModel model, List<Generation> requests, Map<Integer, Completion> completions) {
        var told = new HashMap<Integer, List<TokenScore>>();
        new Generator(model.decoder(), 3)
                .generate(
                        requests.iterator(),
                        new Generation.Listener() {
                            @Override
                            public void promptScored(int request, List<TokenScore> scores) {
                                told.computeIfAbsent(request, _ -> new ArrayList<>())
                                        .addAll(scores);
                            }

                            @Override
                            public void scored(int request, TokenScore score) {
                                told.computeIfAbsent(request, _ -> new ArrayList<>())
                                        .add(score);
                            }

                            @Override
                            public void finished(int request, Completion completion) {
                                completions.put(request, completion);
                            }
                        },
                        () -> false);
        return told;
    }

    private static double[] logSoftmax(double[] logits) {
        double max = Arrays.stream(logits).max().orElseThrow();
        double sum = Arrays.stream(logits).map(x -> Math.exp(x - max)).sum();
        return Arrays.stream(logits).map(x -> x - max - Math.log(sum)).toArray();
    }

    @ParameterizedTest
    @MethodSource("families")
    void log_probabilities_are_the_model_s_own_whatever_the_sampling_and_the_company(ModelConfig config) {
        try (LanguageModel model = LanguageModel.create(config, 3);
                Scope _ = Scope.open()) {
            var reference = new ReferenceDecoder(config, DecoderTest.doubles(model));
            List<int[]> prompts = DecoderTest.sequences(config, 5, 1, 7, 12, 5);
            List<Generation> requests = new ArrayList<>();
            for (int[] prompt : prompts) {
                for (boolean scored : new boolean[] {true, false, true}) { // equal prompts share what is computed
                    requests.add(new Generation(
                            prompt,
                            4,
                            REPEATING_LITTLE,
                            Set.of(),
                            requests.size(),
                            scored ? Optional.of(new Logprobs(3, requests.size() % 2 == 0)) : Optional.empty()));
                }
            }
            var completions = new HashMap<Integer, Completion>();
            Map<Integer, List<TokenScore>> told = told(model, requests, completions);
            for (int r = 0; r < requests.size(); r++) {
                Generation request = requests.get(r);
                if (request.logprobs().isEmpty()) {
                    assertThat(told).doesNotContainKey(r);
                    continue;
                }
                int[] all = IntStream.concat(
                                Arrays.stream(request.prompt()),
                                Arrays.stream(completions.get(r).ids()))
                        .toArray();
                int from = request.promptScored() ? 0 : request.prompt().length;
                assertThat(told.get(r).stream().mapToInt(TokenScore::id))
                        .containsExactly(Arrays.stream(all).skip(from).boxed().toArray(Integer[]::new));
                double[][] logits = reference.logits(all);
                for (int t = from; t < all.length; t++) {
                    TokenScore score = told.get(r).get(t - from);
                    if (t == 0) {
                        assertThat(score.logprob()).isNaN();
                        assertThat(score.top()).isEmpty();
                        continue;
                    }
                    double[] expected = logSoftmax(logits[t - 1]);
                    assertThat(score.logprob()).isCloseTo(expected[all[t]], within(1e-3));
                    assertThat(score.top())
                            .hasSize(3)
                            .allSatisfy(candidate ->
                                    assertThat(candidate.logprob()).isCloseTo(expected[candidate.id()], within(1e-3)));
                    assertThat(score.top().getFirst().logprob())
                            .isCloseTo(Arrays.stream(expected).max().orElseThrow(), within(1e-3));
                }
            }
        }
    }

    @Test
    void a_stop_token_is_scored_though_it_is_no_part_of_the_text() {
        try (LanguageModel model = LanguageModel.create(Configs.qwen2(), 3)) {
            int first = new Generator(model.decoder(), 1)
                    .generate(List.of(Generation.greedy(new int[] {5, 6}, 1, Set.of())))
                    .getFirst()
                    .ids()[0];
            var completions = new HashMap<Integer, Completion>();
            var request = new Generation(
                    new int[] {5, 6}, 5, Sampler.GREEDY, Set.of(first), 0, Optional.of(new Logprobs(1, false)));
            List<TokenScore> told = told(model, List.of(request), completions).get(0);
            assertThat(completions.get(0).ids()).isEmpty();
            assertThat(told).singleElement().satisfies(score -> {
                assertThat(score.id()).isEqualTo(first);
                assertThat(score.top().getFirst().logprob()).isEqualTo(score.logprob());
            });
        }
    }

    @Test
    void a_prompt_alone_may_fill_the_whole_context_and_gets_no_new_token() {
        try (LanguageModel model = LanguageModel.create(Configs.qwen2(), 3)) {
            int context = model.config().maxPositions();
            int[] prompt = IntStream.range(0, context).map(i -> 1 + i % 20).toArray();
            var completions = new HashMap<Integer, Completion>();
            var alone = new Generation(prompt, 0, Sampler.GREEDY, Set.of(), 0, Optional.of(new Logprobs(0, true)));
            var other = Generation.greedy(new int[] {3, 4}, 2, Set.of());
            var told = told(model, List.of(alone, other, alone), completions);
            assertThat(told.get(0)).hasSize(context).isEqualTo(told.get(2));
            assertThat(completions.get(0).ids()).isEmpty();
            assertThat(completions.get(0).reason()).isEqualTo(FinishReason.LENGTH);
            assertThat(completions.get(1).ids()).hasSize(2);
            List<Generation> longer = List.of(Generation.greedy(prompt, 1, Set.of()));
            assertThatThrownBy(() -> new Generator(model.decoder(), 1).generate(longer))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("context");
        }
    }
}
