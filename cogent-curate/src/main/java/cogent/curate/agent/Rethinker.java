package cogent.curate.agent;

import cogent.data.Difficulty;
import cogent.data.Rationale;
import cogent.data.Sample;
import cogent.llm.ChatModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The Rethinker: extends what is too brief, simplifies what is too complex, and mends what the Verifier refused. */
public record Rethinker(Agent agent, PromptSet prompts, String student) {
    private static final String UNCHANGED = "leaves the rationale as it was";

    public Rethinker(ChatModel model, String student) {
        this(Agent.of("rethinker", model), PromptSet.BUILT_IN, student);
    }

    /**
     * @param label {@code EASY} is extended, {@code HARD} simplified
     * @param round from 1
     * @param refused the last rewrite that was refused for what it says, if any; the Rethinker sees it with the reason
     */
    public AgentResult<Rationale> rewrite(Sample sample, Difficulty label, int round, @Nullable Refused refused) {
        Prompt task = prompts.get(
                switch (label) {
                    case EASY -> AgentTask.EXTEND;
                    case HARD -> AgentTask.SIMPLIFY;
                    case MEDIUM -> throw new IllegalArgumentException("a medium rationale is left as it is");
                });
        Map<String, String> sections = new LinkedHashMap<>();
        sections.put("problem", sample.problem().text());
        sections.put("answer", sample.problem().answer());
        sections.put("rationale", sample.rationale().text());
        List<Prompt> message = List.of(task);
        if (refused != null) {
            sections.put("refused", refused.rewrite().text());
            sections.put("reason", refused.reason());
            message = List.of(task, prompts.get(AgentTask.AGAIN));
        }
        return agent.ask(Prompt.render(message, Map.of("student", student), sections), round - 1, reply -> {
            Rationale rewrite = RationaleParser.read(reply);
            if (Steps.same(rewrite.text(), sample.rationale().text())) {
                throw UnusableReply.unfit(UNCHANGED);
            }
            if (refused != null && Steps.same(rewrite.text(), refused.rewrite().text())) {
                throw UnusableReply.unfit("repeats the refused rewrite");
            }
            return rewrite;
        });
    }

    /** Whether the Rethinker, asked for a rewrite, found nothing to change. */
    public static boolean leftAsItWas(AgentResult<Rationale> rewrite) {
        return rewrite.failure().equals(UNCHANGED);
    }

    /** A rewrite that was refused, and why. */
    public record Refused(Rationale rewrite, String reason) {}
}
