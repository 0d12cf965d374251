package cogent.curate.agent;

import cogent.curate.prompt.AgentTask;
import cogent.curate.prompt.PromptSet;
import cogent.curate.prompt.Refusal;
import cogent.curate.prompt.Yardstick;
import cogent.curate.rationale.Steps;
import cogent.data.Difficulty;
import cogent.data.Rationale;
import cogent.data.Sample;
import cogent.llm.ChatModel;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The Rethinker: extends what is too brief, simplifies what is too complex, and mends what the Verifier refused. */
public record Rethinker(Agent agent, PromptSet prompts, String student) {
    private static final String UNCHANGED = "leaves the rationale as it was";

    public Rethinker(ChatModel model, String student) {
        this(Agent.of("rethinker", model), PromptSet.BUILT_IN, student);
    }

    /** What is to be done with a rationale. */
    public sealed interface Revision {
        /** An easy one: it is too brief. */
        record Extend() implements Revision {}

        /** A hard one: it is too complex. */
        record Simplify() implements Revision {}

        /** A medium one that is not correct. */
        record Repair(String fault) implements Revision {}

        /** @throws IllegalArgumentException for {@code MEDIUM}, which is left as it is */
        static Revision of(Difficulty label) {
            return switch (label) {
                case EASY -> new Extend();
                case HARD -> new Simplify();
                case MEDIUM -> throw new IllegalArgumentException("a medium rationale is left as it is");
            };
        }
    }

    /**
     * @param round from 1
     * @param refused the last rewrite that was refused for what it says, if any; the Rethinker sees it with the reason
     */
    public AgentResult<Rationale> rewrite(Sample sample, Revision revision, int round, @Nullable Refused refused) {
        Map<String, String> sections = new LinkedHashMap<>();
        sections.put("problem", sample.problem().text());
        sections.put("answer", sample.problem().answer());
        sections.put("rationale", sample.rationale().text());
        AgentTask task = switch (revision) {
            case Revision.Extend _ -> AgentTask.EXTEND;
            case Revision.Simplify _ -> AgentTask.SIMPLIFY;
            case Revision.Repair repair -> {
                sections.put("fault", repair.fault());
                yield AgentTask.REPAIR;
            }
        };
        Refusal before = refused == null ? null : new Refusal(refused.rewrite().text(), refused.reason());
        Map<String, String> words = Yardstick.words(student);
        return agent.ask(
                (_, last) -> prompts.ask(task, words, sections, last == null ? before : last), round - 1, reply -> {
                    Rationale rewrite = RationaleParser.read(reply, sample.problem());
                    if (Steps.same(rewrite.text(), sample.rationale().text())) {
                        throw UnusableReply.unfit(UNCHANGED);
                    }
                    if (refused != null
                            && Steps.same(rewrite.text(), refused.rewrite().text())) {
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
