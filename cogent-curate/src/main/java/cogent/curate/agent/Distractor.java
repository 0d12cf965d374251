package cogent.curate.agent;

import cogent.curate.agent.Distraction.Against;
import cogent.curate.prompt.AgentTask;
import cogent.curate.prompt.PromptSet;
import cogent.curate.prompt.Refusal;
import cogent.curate.rationale.CalculatorMarks;
import cogent.curate.rationale.RationaleLayout;
import cogent.curate.rationale.Steps;
import cogent.curate.rationale.WrongRationale;
import cogent.curate.reply.Plain;
import cogent.data.Problem;
import cogent.data.Rationale;
import cogent.llm.ChatMessage;
import cogent.llm.ChatModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The Distractor (ours; the paper leaves open where incorrect rationales come from): writes plausible wrong rationales
 * after the pattern of a right one. Each is checked by {@link WrongRationale} before it may be a rejected side. A kind of
 * mistake is preferred, not demanded: a problem may offer no natural place for it. After a refusal the model sees its reply
 * with the reason, and another kind is preferred.
 *
 * @param prompts {@code DISTRACT}, and {@code AGAIN} after a refusal
 * @param mistakes the kinds of mistake to take turns with
 * @param count how many to ask for, for each right rationale
 */
public record Distractor(Agent agent, PromptSet prompts, List<MistakeKind> mistakes, int count) {
    /** A solution shorter than this has no step that could be passed over unnoticed. */
    private static final int STEPS_FOR_OMISSION = 4;

    private static final Pattern KIND = Pattern.compile("(?i)(?:mistake|slip)\\s*[:=]\\s*(\\w+)\\b.*");

    public Distractor {
        mistakes = List.copyOf(mistakes);
        if (mistakes.isEmpty() || count < 0) {
            throw new IllegalArgumentException("a Distractor needs a kind of mistake and a count of at least 0");
        }
    }

    public Distractor(ChatModel model, int count) {
        this(Agent.of("distractor", model), PromptSet.BUILT_IN, List.of(MistakeKind.values()), count);
    }

    /** @param mistake the kind that the model says it made; null where it says none */
    private record Written(@Nullable MistakeKind mistake, Rationale rationale) {}

    /** Wrong rationales after the pattern of {@code right}, no two of them alike. */
    public List<Distraction> distract(Problem problem, Rationale right, Against against) {
        Rationale pattern = RationaleLayout.of(right);
        List<MistakeKind> kinds = fitting(pattern);
        List<String> taken = new ArrayList<>();
        int first = Math.floorMod(problem.id().hashCode() + (against == Against.ORIGINAL ? 1 : 0), kinds.size());
        return Agent.each(count, i -> {
            IntFunction<MistakeKind> preferred = attempt -> kinds.get((first + i + attempt) % kinds.size());
            AgentResult<Written> reply = agent.ask(
                    (attempt, refused) -> messages(problem, pattern, kinds, preferred.apply(attempt), refused),
                    i / kinds.size(),
                    text -> read(text, problem, pattern, taken));
            Written written = reply.value();
            if (written == null) {
                return new Distraction(against, preferred.apply(0), new AgentResult<>(null, reply.failedAttempts()));
            }
            taken.add(written.rationale().text());
            MistakeKind made = written.mistake() == null
                    ? preferred.apply(reply.failedAttempts().size())
                    : written.mistake();
            return new Distraction(against, made, new AgentResult<>(written.rationale(), reply.failedAttempts()));
        });
    }

    private List<MistakeKind> fitting(Rationale pattern) {
        int steps = RationaleLayout.work(pattern.text()).size();
        List<MistakeKind> fitting = mistakes.stream()
                .filter(kind -> kind != MistakeKind.OMISSION || steps >= STEPS_FOR_OMISSION)
                .toList();
        return fitting.isEmpty() ? mistakes : fitting;
    }

    private List<ChatMessage> messages(
            Problem problem,
            Rationale pattern,
            List<MistakeKind> kinds,
            MistakeKind preferred,
            @Nullable Refusal refused) {
        Map<String, String> words = Map.of(
                "preferred",
                preferred.key(),
                "mistakes",
                kinds.stream().map(kind -> "- " + kind.instruction()).collect(Collectors.joining("\n")));
        Map<String, String> sections = new LinkedHashMap<>();
        sections.put("problem", problem.text());
        sections.put("answer", problem.answer());
        sections.put("rationale", pattern.text());
        return prompts.ask(AgentTask.DISTRACT, words, sections, refused);
    }

    private static Written read(String reply, Problem problem, Rationale pattern, List<String> taken)
            throws UnusableReply {
        String text = reply.strip();
        Matcher named = KIND.matcher(Plain.line(text.lines().findFirst().orElse("")));
        MistakeKind mistake = null;
        if (named.matches()) {
            mistake = MistakeKind.named(named.group(1)).orElse(null);
            text = text.substring(Math.max(0, text.indexOf('\n'))).strip();
        }
        Rationale wrong = CalculatorMarks.in(pattern.text())
                ? RationaleParser.marked(text, problem)
                : RationaleParser.read(text, problem);
        Optional<String> objection = WrongRationale.objection(problem, RationaleLayout.like(wrong, pattern), pattern);
        if (objection.isPresent()) {
            throw UnusableReply.unfit(objection.get());
        }
        if (taken.stream().anyMatch(other -> Steps.same(other, wrong.text()))) {
            throw UnusableReply.unfit("repeats another wrong rationale");
        }
        return new Written(mistake, wrong);
    }
}
