package cogent.curate.agent;

import cogent.curate.agent.Distraction.Against;
import cogent.data.Problem;
import cogent.data.Rationale;
import cogent.llm.ChatModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The Distractor (ours; the paper leaves open where incorrect rationales come from): writes plausible wrong rationales
 * after the pattern of a right one. Each is checked by {@link WrongRationale} before it may be a rejected side.
 *
 * @param mistakes the kinds of mistake to take turns with
 * @param count how many to ask for, for each right rationale
 */
public record Distractor(Agent agent, Prompt prompt, List<MistakeKind> mistakes, int count) {
    public Distractor {
        mistakes = List.copyOf(mistakes);
        if (mistakes.isEmpty() || count < 0) {
            throw new IllegalArgumentException("a Distractor needs a kind of mistake and a count of at least 0");
        }
    }

    public Distractor(ChatModel model, int count) {
        this(
                Agent.of("distractor", model),
                PromptSet.BUILT_IN.get(AgentTask.DISTRACT),
                List.of(MistakeKind.values()),
                count);
    }

    /** Wrong rationales after the pattern of {@code right}, no two of them alike. */
    public List<Distraction> distract(Problem problem, Rationale right, Against against) {
        List<String> taken = new ArrayList<>();
        int first = Math.floorMod(problem.id().hashCode(), mistakes.size());
        return Agent.each(count, i -> {
            MistakeKind mistake = mistakes.get((first + i) % mistakes.size());
            String message = prompt.render(
                    Map.of("slip", mistake.instruction()),
                    Map.of("problem", problem.text(), "answer", problem.answer(), "rationale", right.text()));
            AgentResult<Rationale> reply = agent.ask(message, i / mistakes.size(), text -> {
                Rationale wrong = RationaleParser.read(text);
                WrongRationale.check(problem, wrong, right);
                if (taken.stream().anyMatch(other -> Steps.same(other, wrong.text()))) {
                    throw UnusableReply.unfit("repeats another wrong rationale");
                }
                return wrong;
            });
            reply.found().map(Rationale::text).ifPresent(taken::add);
            return new Distraction(against, mistake, reply);
        });
    }
}
