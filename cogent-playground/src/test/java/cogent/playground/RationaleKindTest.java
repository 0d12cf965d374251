package cogent.playground;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.data.Problem;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RationaleKindTest {
    private static final String PROBLEM =
            "Mia has 47 pears. She finds 38 more. Then she sells 19. How many pears does she have now?";
    private static final Task TASK = Story.read(PROBLEM).orElseThrow();

    @Test
    void terse_states_results_only() {
        assertThat(RationaleKind.TERSE.write(PROBLEM, TASK))
                .isEqualTo("That makes 85.\n\nThat leaves 66.\n\n\\boxed{66}");
    }

    @Test
    void balanced_writes_every_column_with_what_is_carried() {
        assertThat(RationaleKind.BALANCED.write(PROBLEM, TASK))
                .isEqualTo("47 + 38: 7 + 8 = 15, 4 + 3 + 1 = 8, so 85.\n\n"
                        + "85 - 19: 15 - 9 = 6, 8 - 1 - 1 = 6, so 66.\n\n\\boxed{66}");
    }

    @Test
    void columns_carry_borrow_and_multiply() {
        assertThat(balanced(Op.MULTIPLY, 23, 4)).isEqualTo("23 × 4: 3 × 4 = 12, 2 × 4 + 1 = 9, so 92.");
        assertThat(balanced(Op.SUBTRACT, 100, 1))
                .isEqualTo("100 - 1: 10 - 1 = 9, 10 - 0 - 1 = 9, 1 - 0 - 1 = 0, so 99.");
        assertThat(balanced(Op.ADD, 95, 7)).isEqualTo("95 + 7: 5 + 7 = 12, 9 + 0 + 1 = 10, so 102.");
        assertThat(balanced(Op.SUBTRACT, 9, 4)).isEqualTo("9 - 4: 9 - 4 = 5, so 5.");
    }

    private static String balanced(Op op, int left, int right) {
        return RationaleKind.BALANCED.paragraph(Working.of(op, left, right), 0);
    }

    @Test
    void column_work_agrees_with_arithmetic_for_all_small_numbers() {
        for (int a = 0; a < 130; a++) {
            for (int b = 0; b < 130; b++) {
                assertThat(Working.of(Op.ADD, a, b).result()).isEqualTo(a + b);
                assertThat(Working.of(Op.MULTIPLY, a, b % 10).result()).isEqualTo(a * (b % 10));
                if (a >= b) {
                    assertThat(Working.of(Op.SUBTRACT, a, b).result()).isEqualTo(a - b);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_verifier_finds_every_rationale_true_and_the_critic_names_its_kind(RationaleKind kind) {
        for (World world : List.of(World.QUICKSTART, new World(3, 999), new World(1, 9))) {
            world.heldOut(50, 3).forEach(problem -> {
                RationaleReading reading = reading(problem, kind);
                assertThat(reading.fault(problem.answer())).isEmpty();
                assertThat(reading.label().difficulty()).isEqualTo(kind.difficulty());
                assertThat(reading.leadsTo()).contains(problem.answer());
            });
        }
    }

    private static RationaleReading reading(Problem problem, RationaleKind kind) {
        Task task = Story.read(problem.text()).orElseThrow();
        return RationaleReading.of(task, kind.write(problem.text(), task));
    }

    @Test
    void the_verifier_names_the_first_fault() {
        assertThat(fault("47 + 38: 7 + 8 = 14, 4 + 3 + 1 = 8, so 84.\n\n85 - 19: 15 - 9 = 6, 8 - 1 - 1 = 6, so 66."))
                .contains("step 1: 7 + 8 = 14 is false");
        assertThat(fault("47 + 83: 7 + 3 = 10, 4 + 8 + 1 = 13, so 130.\n\nThat leaves 111."))
                .contains("step 1: 47 + 83 is worked where the problem asks for 47 + 38");
        assertThat(fault("47 + 38: 7 + 8 = 15, so 85.\n\nThat leaves 66."))
                .contains("step 1: the column 4 + 3 + 1 = 8 is missing");
        assertThat(fault("That makes 85.")).contains("it takes 1 steps where the problem has 2");
        assertThat(fault("That makes 85.\n\nThat leaves 67.")).contains("step 2: it arrives at 67 where 85 - 19 is 66");
        assertThat(fault("That makes 85.\n\nThat leaves 66.\n\nTrust me, it is correct."))
                .contains("\"Trust\" belongs to no step of this world");
        assertThat(RationaleReading.of(TASK, "That makes 85.\n\nThat leaves 66.")
                        .fault("66"))
                .contains("its final answer is missing, not 66");
    }

    private static Optional<String> fault(String steps) {
        return RationaleReading.of(TASK, steps + "\n\n\\boxed{66}").fault("66");
    }
}
