package cogent.curate.agent;

import cogent.answer.Equivalence;
import cogent.curate.agent.Verification.Check;
import cogent.curate.agent.Verification.Finding;
import cogent.curate.agent.Verification.Result;
import cogent.curate.prompt.AgentTask;
import cogent.curate.prompt.PromptSet;
import cogent.curate.rationale.Steps;
import cogent.curate.reply.Choice;
import cogent.curate.reply.LastLine;
import cogent.data.Problem;
import cogent.data.Rationale;
import cogent.data.RowFormat;
import cogent.llm.ChatMessage;
import cogent.llm.ChatModel;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The Verifier: whether a rationale is correct and leads to the reference answer. The judge and the rule are asked both,
 * so that their agreement is known; the blind reader only when neither has objected.
 *
 * @param judge asked for {@link Check#JUDGE}
 * @param blind asked for {@link Check#BLIND}; another model, or the student itself
 * @param second another judge, asked whenever the first is, so that their agreement is known; its verdict counts too. Null
 *     for none
 * @param continued the form in which the student reads blind: it goes on writing a completion that is cut off before the
 *     answer. Null where the blind reader is a chat model that the prompt asks
 * @param checks of {@code JUDGE}, {@code RULE} and {@code BLIND}; none: every rewrite passes, which is for showing what
 *     the Verifier is worth
 */
public record Verifier(
        Agent judge,
        Agent blind,
        @Nullable Agent second,
        @Nullable RowFormat continued,
        PromptSet prompts,
        Set<Check> checks) {
    private static final Choice<Result> VERDICT = new Choice<>(
            "verdict",
            List.of("label", "judgement", "judgment", "decision", "assessment", "conclusion", "status", "结论", "判断"),
            Map.of("correct", Result.PASSED, "incorrect", Result.FAILED));

    private static final Pattern REASON =
            Pattern.compile("(?i)[\\s*_#>`-]*reason[\\s*_`]*[:：=][\\s*_`]*(?<reason>\\S.*?)[\\s*_]*");
    /** A verdict with a reservation is none. */
    private static final Pattern RESERVATION =
            Pattern.compile("(?i)\\b(?:but|except|although|though|however|apart from|mostly|partly|partially)\\b");

    /** Judge and rule: what costs one call. */
    public static final Set<Check> DEFAULT_CHECKS = Set.of(Check.JUDGE, Check.RULE);

    public Verifier {
        checks = Set.copyOf(checks);
        if (checks.contains(Check.CRITIC) || checks.contains(Check.SECOND_JUDGE)) {
            throw new IllegalArgumentException("the Verifier's checks are judge, rule and blind");
        }
    }

    public Verifier(Agent judge, Agent blind, PromptSet prompts, Set<Check> checks) {
        this(judge, blind, null, null, prompts, checks);
    }

    public Verifier(ChatModel model) {
        this(Agent.of("verifier", model), Agent.of("blind", model), PromptSet.BUILT_IN, DEFAULT_CHECKS);
    }

    /** @param round which round this is, from 1: equal texts in two rounds get independent verdicts */
    public Verification verify(Problem problem, Rationale rationale, int round) {
        List<Finding> findings = new ArrayList<>();
        for (Check check : checks.stream().sorted().toList()) {
            switch (check) {
                case JUDGE ->
                    findings.addAll(Agent.each(
                            second == null ? 1 : 2,
                            i -> i == 0 || second == null
                                    ? judge(Check.JUDGE, judge, problem, rationale, round - 1)
                                    : judge(Check.SECOND_JUDGE, second, problem, rationale, round - 1)));
                case RULE -> findings.add(rule(problem, rationale));
                case BLIND -> {
                    if (new Verification(findings).objection().isEmpty()) {
                        findings.add(blind(problem, rationale, round - 1));
                    }
                }
                case SECOND_JUDGE, CRITIC -> throw new IllegalStateException("not a check of the Verifier");
            }
        }
        return new Verification(findings);
    }

    /**
     * A rationale of the corpus that is to stay: by the judges, where they are among the checks, and by the rule. Whether its
     * reader can follow it is what the Critic has said.
     */
    public Verification verifyOriginal(Problem problem, Rationale rationale) {
        Set<Check> correctness = EnumSet.of(Check.RULE);
        if (checks.contains(Check.JUDGE)) {
            correctness.add(Check.JUDGE);
        }
        return new Verifier(judge, blind, second, continued, prompts, correctness).verify(problem, rationale, 1);
    }

    /** The rule alone: whether the rationale's own conclusion is the reference answer. */
    public static Finding rule(Problem problem, Rationale rationale) {
        String stated = rationale.conclusion();
        String reference = problem.answer();
        if (stated.isBlank()) {
            return new Finding(Check.RULE, Result.FAILED, "it states no final answer", List.of());
        }
        Result result = result(reference, stated);
        String reason = switch (result) {
            case PASSED -> "its final answer is " + stated;
            case FAILED -> "its final answer is " + stated + ", which differs from the reference answer " + reference;
            default -> "cannot tell whether its final answer " + stated + " equals " + reference;
        };
        return new Finding(Check.RULE, result, reason, List.of());
    }

    private static Result result(String reference, String stated) {
        return switch (Equivalence.compare(reference, stated).kind()) {
            case EQUAL -> Result.PASSED;
            case DIFFERENT -> Result.FAILED;
            case UNKNOWN -> Result.UNDECIDED;
        };
    }

    private Finding judge(Check check, Agent agent, Problem problem, Rationale rationale, int turn) {
        String message = prompts.get(AgentTask.VERIFY)
                .render(
                        Map.of(),
                        Map.of(
                                "problem", problem.text(),
                                "answer", problem.answer(),
                                "rationale", rationale.text()));
        return finding(check, agent.ask(AgentQuestion.reminding(message), turn, Verifier::read));
    }

    private Finding blind(Problem problem, Rationale rationale, int turn) {
        String work = Steps.withoutAnswer(rationale.text());
        if (continued != null) {
            List<ChatMessage> begun = List.of(
                    ChatMessage.user(continued.prompt(problem)),
                    ChatMessage.assistant(continued.opening(work).before()));
            return finding(
                    Check.BLIND, blind.ask(AgentQuestion.same(begun), turn, answer -> led(problem, answer.strip())));
        }
        String message =
                prompts.get(AgentTask.BLIND).render(Map.of(), Map.of("problem", problem.text(), "rationale", work));
        return finding(Check.BLIND, blind.ask(AgentQuestion.reminding(message), turn, reply -> {
            if (!Steps.hasBox(reply)) {
                throw UnusableReply.unreadable("does not end with a final answer in \\boxed{}");
            }
            return led(problem, Rationale.of(reply).conclusion());
        }));
    }

    /** Strict: "cannot tell" and "none" mean that the steps have not led this reader to the answer. */
    private static Judgement led(Problem problem, String found) {
        boolean led = !found.isBlank() && result(problem.answer(), found) == Result.PASSED;
        return new Judgement(
                led ? Result.PASSED : Result.FAILED,
                led
                        ? "its steps lead to " + found
                        : "its steps, read without the final answer, lead to " + (found.isBlank() ? "nothing" : found)
                                + " instead of " + problem.answer());
    }

    private static Finding finding(Check check, AgentResult<Judgement> result) {
        return result.found()
                .map(judgement -> new Finding(check, judgement.result(), judgement.reason(), result.failedAttempts()))
                .orElseGet(() -> new Finding(check, Result.UNREADABLE, result.failure(), result.failedAttempts()));
    }

    record Judgement(Result result, String reason) {}

    /** The verdict is the last line; the reason is the line {@code Reason:}, or what stands with the verdict or before it. */
    static Judgement read(String reply) throws UnusableReply {
        LastLine<Result> last = LastLine.read(reply, VERDICT)
                .filter(read -> read.meaning() != Result.PASSED
                        || !RESERVATION.matcher(read.reason()).find())
                .orElseThrow(() ->
                        UnusableReply.unreadable("does not end with a line Verdict: correct or Verdict: incorrect"));
        Optional<String> reason = last.before()
                .lines()
                .map(REASON::matcher)
                .filter(Matcher::matches)
                .map(line -> line.group("reason"))
                .reduce((_, later) -> later);
        return new Judgement(last.meaning(), reason.orElseGet(() -> withVerdict(last)));
    }

    private static String withVerdict(LastLine<Result> last) {
        List<String> paragraphs = Steps.paragraphs(last.before());
        return last.reason().isEmpty() && !paragraphs.isEmpty() ? paragraphs.getLast() : last.reason();
    }
}
