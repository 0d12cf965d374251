package cogent.playground;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.curate.Curated;
import cogent.curate.Curation;
import cogent.curate.CurationSettings;
import cogent.curate.PairBuilder;
import cogent.curate.SampleOutcome.Kept;
import cogent.curate.agent.Agent;
import cogent.curate.agent.Critic;
import cogent.curate.agent.Distractor;
import cogent.curate.agent.Rethinker;
import cogent.curate.agent.Verification.Check;
import cogent.curate.agent.Verifier;
import cogent.curate.prompt.PromptSet;
import cogent.data.Gap;
import cogent.data.PreferencePair;
import cogent.data.RowFormat;
import cogent.data.Sample;
import cogent.llm.ChatModel;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The real agents with their real prompts, answered by the playground's rules. */
class CurationTest {
    private static final Set<Check> ALL_CHECKS = EnumSet.of(Check.JUDGE, Check.RULE, Check.BLIND);

    private static Curation curation(ChatModel model) {
        return new Curation(
                new Critic(model, "0.8M"),
                new Rethinker(model, "0.8M"),
                new Verifier(Agent.of("verifier", model), Agent.of("blind", model), PromptSet.BUILT_IN, ALL_CHECKS),
                new Distractor(model, 2),
                new CurationSettings(3, true, true));
    }

    @Test
    void all_of_the_corpus_becomes_balanced_and_the_critic_names_every_kind() {
        List<Sample> corpus = World.QUICKSTART.corpus(600, 5).toList();
        Curation curation = curation(new PlaygroundChat(0));
        for (int i = 0; i < corpus.size(); i++) {
            Sample sample = corpus.get(i);
            Curated curated = curation.curate(sample);
            assertThat(curated.critique().label())
                    .isEqualTo(List.of(RationaleKind.values()).get(i % 3).difficulty());
            assertThat(curated.outcome())
                    .isInstanceOfSatisfying(
                            Kept.class,
                            kept -> assertThat(kept.rationale().text())
                                    .isEqualTo(RationaleKind.BALANCED.write(
                                            sample.problem().text(),
                                            Story.read(sample.problem().text()).orElseThrow())));
        }
    }

    @Test
    void faulty_rewrites_are_caught_and_mended() {
        Curation curation = curation(new PlaygroundChat(0.2));
        List<Curated> curated =
                World.QUICKSTART.corpus(600, 6).map(curation::curate).toList();

        assertThat(curated)
                .allSatisfy(sample -> assertThat(sample.rounds().stream()
                                .filter(round -> round.verified())
                                .allMatch(round -> round.rewrite()
                                        .found()
                                        .orElseThrow()
                                        .conclusion()
                                        .equals(sample.sample().problem().answer())))
                        .isTrue());
        assertThat(curated.stream().filter(sample -> sample.rounds().size() > 1).count())
                .isBetween(40L, 120L);
        assertThat(curated.stream()
                        .filter(sample -> sample.outcome() instanceof Kept)
                        .count())
                .isGreaterThan(590);
    }

    @Test
    void wrong_rationales_pass_the_check_for_rejected_sides_and_every_gap_gets_pairs() {
        Curation curation = curation(new PlaygroundChat());
        PairBuilder pairs = new PairBuilder(RowFormat.PLAIN, PairBuilder.DEFAULT_BETA);
        List<Curated> curated =
                World.QUICKSTART.corpus(300, 8).map(curation::curate).toList();

        long asked = curated.stream().mapToLong(c -> c.distractions().size()).sum();
        long usable = curated.stream()
                .flatMap(c -> c.distractions().stream())
                .filter(d -> d.reply().found().isPresent())
                .count();
        assertThat((double) usable / asked).isGreaterThan(0.95);
        assertThat(curated.stream()
                        .flatMap(c -> pairs.preferences(c).stream())
                        .map(PreferencePair::gap)
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(Gap.values());
    }
}
