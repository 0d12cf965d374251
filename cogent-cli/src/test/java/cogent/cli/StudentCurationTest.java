package cogent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.cli.Cogent.Ran;
import cogent.llm.store.RunDatabase;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The small model in the curation: a raw SFT model of the same run reads the rationales. */
final class StudentCurationTest {
    private static final int PROBLEMS = 70;

    @TempDir
    static Path folder;

    private static Path run;
    private static Path recipe;

    @BeforeAll
    static void one_run_up_to_the_curation() throws IOException {
        run = folder.resolve("runs/x");
        recipe = Cogent.playground(folder, """
                playground: {problems: %d, held_out: 1, steps: 1, largest: 20}
                raw_sft: {enabled: true}
                curate:
                  critic: {by: both, student: raw, unlikely: 0}
                  verifier: {checks: [rule, blind, judge], blind: {by: student}, second_judge: {temperature: 0.5}}
                sft: {max_steps: 2, batch_size: 8, checkpoint_steps: 2}
                align: {enabled: false}
                """.formatted(PROBLEMS));
        Ran ran = Cogent.run("run", recipe);
        assertThat(ran.code()).as(ran.err()).isZero();
    }

    @Test
    void every_rationale_is_measured_once() {
        assertThat(measures()).isEqualTo(PROBLEMS);
        Ran again =
                Cogent.run("run", recipe, "--set", "curate.rethinker.rounds=2", "--set", "curate.critic.by=student");
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(measures()).isEqualTo(PROBLEMS);
    }

    @Test
    void report_and_story_say_where_teacher_and_student_disagree() {
        assertThat(run.resolve("report.html"))
                .content()
                .contains("What the student makes of the rationales", "Where teacher and student disagree");
        assertThat(Cogent.run("show", run, "--sample", firstId()).out())
                .containsPattern("student +(easy|medium|hard) · measured: answer -\\d+\\.\\d\\d, work -");
    }

    @Test
    void the_student_reads_blind_and_a_second_judge_checks_rewrites_and_the_agreement_is_in_the_report() {
        assertThat(calls("blind")).isPositive();
        assertThat(run.resolve("report.html"))
                .content()
                .contains("The verifier's judge and its second judge check say the same on");
    }

    private static long calls(String agent) {
        return RunDatabase.peek(run, connection -> {
            try (var query = connection.prepareStatement("SELECT count(*) FROM calls WHERE agent = ?")) {
                query.setString(1, agent);
                try (var rows = query.executeQuery()) {
                    return rows.getLong(1);
                }
            }
        });
    }

    private static long measures() {
        return RunDatabase.peek(run, connection -> {
            try (var rows = connection.createStatement().executeQuery("SELECT count(*) FROM student_measures")) {
                return rows.getLong(1);
            }
        });
    }

    private static String firstId() {
        return RunDatabase.peek(run, connection -> {
            try (var rows = connection.createStatement().executeQuery("SELECT id FROM samples LIMIT 1")) {
                return rows.getString(1);
            }
        });
    }
}
