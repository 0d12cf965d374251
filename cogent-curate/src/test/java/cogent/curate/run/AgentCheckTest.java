package cogent.curate.run;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.curate.agent.Critic;
import cogent.curate.agent.Distractor;
import cogent.curate.agent.Rethinker;
import cogent.curate.agent.Scripted;
import cogent.curate.agent.Verification.Check;
import cogent.curate.agent.Verification.Result;
import cogent.curate.agent.Verifier;
import cogent.curate.rationale.WrongRationale;
import cogent.curate.run.AgentCheck.Score;
import cogent.data.Difficulty;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class AgentCheckTest {
    private static final List<Labelled> SET = Labelled.all();

    private final Scripted chat = new Scripted();
    private final AgentCheck check = new AgentCheck(SET);

    @Test
    void the_set_holds_every_kind_of_several_problems_and_says_what_it_says() {
        assertThat(SET).hasSize(40);
        assertThat(SET).extracting(item -> item.sample().id()).doesNotHaveDuplicates();
        for (Difficulty label : Difficulty.values()) {
            assertThat(SET).filteredOn(item -> item.label() == label).hasSize(8);
        }
        for (Labelled item : SET) {
            boolean right = Verifier.rule(item.sample().problem(), item.sample().rationale())
                            .result()
                    == Result.PASSED;
            assertThat(right)
                    .as(item.sample().id())
                    .isEqualTo(!item.sample().id().endsWith("-wrong"));
        }
        assertThat(SET)
                .filteredOn(item -> item.label() == Difficulty.EASY)
                .allMatch(item -> item.sample().rationale().text().length() < 60);
    }

    @Test
    void wrong_versions_keep_what_a_rejected_side_must() {
        for (Labelled item : SET) {
            String id = item.sample().id();
            if (id.endsWith("-wrong")) {
                Labelled balanced = SET.stream()
                        .filter(other -> other.sample().id().equals(id.replace("-wrong", "-balanced")))
                        .findFirst()
                        .orElseThrow();
                assertThat(WrongRationale.objection(
                                item.sample().problem(),
                                item.sample().rationale(),
                                balanced.sample().rationale()))
                        .as(id)
                        .isEmpty();
            }
        }
    }

    @Test
    void an_agent_that_always_says_the_same_is_right_where_that_is_so() {
        chat.on("critic", "Label: hard").on("verifier", "Reason: fine.\nVerdict: correct");
        Score critic = check.critic(new Critic(chat, "0.5B"));
        assertThat(critic.right()).isEqualTo(8);
        assertThat(critic.asked()).isEqualTo(24);
        assertThat(critic.misses()).contains("bakery-balanced: hard, by hand medium");
        Verifier verifier = new Verifier(chat);
        List<Score> scores = check.verifier(
                new Verifier(verifier.judge(), verifier.blind(), verifier.prompts(), Set.of(Check.JUDGE, Check.RULE)));
        assertThat(scores).extracting(Score::agent).containsExactly("judge", "rule");
        assertThat(scores).extracting(Score::right).containsExactly(16, 24);
    }

    @Test
    void what_cannot_be_read_is_never_right() {
        chat.on("critic", "no idea").on("verifier", "").on("rethinker", "Sure!").on("distractor", "no");
        assertThat(check.critic(new Critic(chat, "0.5B")).right()).isZero();
        assertThat(check.verifier(new Verifier(chat)).getFirst().right()).isZero();
        assertThat(check.rethinker(new Rethinker(chat, "0.5B")).right()).isZero();
        Score distractor = check.distractor(new Distractor(chat, 4));
        assertThat(distractor.asked()).isEqualTo(32);
        assertThat(distractor.right()).isZero();
        assertThat(distractor.misses().getFirst()).contains("bakery-balanced");
    }
}
