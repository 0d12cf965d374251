package cogent.curate.agent;

import cogent.answer.Equivalence;
import cogent.curate.prompt.Prompt;
import cogent.curate.prompt.Refusal;
import cogent.curate.prompt.Yardstick;
import cogent.data.Problem;
import cogent.data.Rationale;
import java.util.List;
import java.util.Map;

/**
 * The Author: writes the rationale that a corpus lacks. It does not see the reference answer; the first of its solutions
 * that reaches it by the rule is the rationale. The first rather than the shortest, since how much a rationale says is for
 * the Critic to judge, and since further samples would be paid for to be thrown away. As with every agent, what a reasoning
 * model thinks before its reply is no part of it.
 *
 * @param agent its attempts are the samples that a problem may cost
 * @param student the student's size, such as {@code 7B}
 */
public record Author(Agent agent, Prompt prompt, String student) {
    /** The rule compares final answers. Tests of a program, or an essay, no solution would repeat word for word. */
    private static final int LONGEST_ANSWER = 500;

    private static final String ANOTHER = "reaches another answer";
    private static final String UNTOLD = "no telling whether it reaches the answer";

    public AgentResult<Rationale> write(Problem problem) {
        if (!hasFinalAnswer(problem)) {
            FailedAttempt unchecked = new FailedAttempt(
                    FailedAttempt.Kind.UNFIT,
                    "the reference answer is no final answer that the rule can check: "
                            + problem.answer().length() + " characters");
            return new AgentResult<>(null, List.of(unchecked));
        }
        String message = prompt.render(Yardstick.words(student), Map.of("problem", problem.text()));
        AgentQuestion reminding = AgentQuestion.reminding(message);
        AgentQuestion question = (attempt, refused) ->
                reminding.messages(attempt, refused == null || tellsTheAnswer(refused) ? null : refused);
        return agent.ask(question, 0, reply -> {
            Rationale written = RationaleParser.read(reply, problem);
            requireReaches(problem.answer(), written.conclusion());
            return written;
        });
    }

    private static boolean hasFinalAnswer(Problem problem) {
        String answer = problem.answer().strip();
        boolean formula = answer.indexOf('\\') >= 0; // a matrix may be written over several lines
        return answer.length() <= LONGEST_ANSWER && (formula || answer.indexOf('\n') < 0);
    }

    private static void requireReaches(String answer, String conclusion) throws UnusableReply {
        switch (Equivalence.compare(answer, conclusion).kind()) {
            case EQUAL -> {}
            case DIFFERENT -> throw UnusableReply.unfit(ANOTHER + ": " + conclusion + ", not " + answer);
            case UNKNOWN -> throw UnusableReply.unfit(UNTOLD + ": " + conclusion + " or " + answer);
        }
    }

    private static boolean tellsTheAnswer(Refusal refused) {
        return refused.reason().startsWith(ANOTHER) || refused.reason().startsWith(UNTOLD);
    }
}
