package cogent.playground;

import cogent.data.InputException;
import cogent.llm.ChatModel;
import cogent.llm.ChatReply;
import cogent.llm.ChatRequest;
import java.util.Locale;
import java.util.Optional;

/**
 * A rule-based chat model that knows only the playground's arithmetic {@link World}. It is no language model: it takes the
 * prompts of Cogent's agents apart, reads the problem and the rationale in them, and answers by rule. As Critic it judges
 * what is written, as Rethinker it recomputes, as Verifier it checks every step, as Distractor it plants a mistake. Equal
 * requests get equal replies; a problem from elsewhere is refused.
 *
 * @param faulty the share of rewrites with a mistake in them, so that the Verifier has something to find; 0 to 1
 */
public record PlaygroundChat(double faulty) implements ChatModel {
    /** The name it answers under. */
    public static final String NAME = "playground-rules";

    public PlaygroundChat {
        if (!(faulty >= 0 && faulty <= 1)) {
            throw new InputException("playground: the share of faulty rewrites must be 0 to 1, not " + faulty);
        }
    }

    /** With two faulty rewrites in a hundred. */
    public PlaygroundChat() {
        this(0.02);
    }

    @Override
    public ChatReply chat(ChatRequest request) {
        AgentPrompt prompt = AgentPrompt.read(request);
        Task task = Story.read(prompt.section("problem"))
                .orElseThrow(() -> AgentPrompt.refusal("the problem is none of its own arithmetic world"));
        String text = switch (prompt.task()) {
            case "critique" -> critique(RationaleReading.of(task, prompt.section("rationale")));
            case "extend", "simplify", "repair", "solve" -> rewrite(prompt, task);
            case "verify" -> verify(RationaleReading.of(task, prompt.section("rationale")), prompt.section("answer"));
            case "blind" ->
                boxed(RationaleReading.of(task, prompt.section("rationale"))
                        .leadsTo()
                        .orElse("none"));
            case "distract" -> distract(prompt, task);
            default -> throw AgentPrompt.refusal("it knows no task " + prompt.task());
        };
        return ChatReply.of(NAME, text);
    }

    private static String critique(RationaleReading rationale) {
        RationaleReading.Label label = rationale.label();
        String word = switch (label.difficulty()) {
            case EASY -> "brief";
            case MEDIUM -> "balanced";
            case HARD -> "complex";
        };
        return label.reason() + "\n\nLabel: " + word;
    }

    private String rewrite(AgentPrompt prompt, Task task) {
        boolean errs = (Seeds.mix(prompt.seed()) >>> 11) * 0x1p-53 < faulty;
        Solution solution = errs
                ? Mistakes.plant(task, Mistakes.Mistake.CALCULATION, prompt.seed())
                        .solution()
                : Solution.of(task);
        return RationaleKind.BALANCED.write(prompt.section("problem"), solution.steps());
    }

    private static String verify(RationaleReading rationale, String answer) {
        Optional<String> fault = rationale.fault(answer.strip());
        return "Reason: " + fault.orElse("every step holds and the last one arrives at " + answer.strip())
                + "\nVerdict: " + (fault.isEmpty() ? "correct" : "incorrect");
    }

    private static String distract(AgentPrompt prompt, Task task) {
        RationaleKind pattern = switch (RationaleReading.of(task, prompt.section("rationale"))
                .label()
                .difficulty()) {
            case EASY -> RationaleKind.TERSE;
            case MEDIUM -> RationaleKind.BALANCED;
            case HARD -> RationaleKind.CONVOLUTED;
        };
        Mistakes.Planted wrong = Mistakes.plant(task, Mistakes.Mistake.of(prompt.mistake()), prompt.seed());
        return "Mistake: " + wrong.mistake().name().toLowerCase(Locale.ROOT) + "\n\n"
                + pattern.write(prompt.section("problem"), wrong.solution().steps());
    }

    private static String boxed(String answer) {
        return "The steps lead to \\boxed{" + answer + "}";
    }
}
