package cogent.pipeline.recipe;

import static cogent.data.InputException.require;

import cogent.data.RowFormat;
import cogent.pipeline.keys.Key;

/** How rows become text for the student. */
public record FormatConfig(
        @Key(
                doc = "the user's message",
                def = "\"{problem}\\nPlease reason step by step, and put your final answer within \\\\boxed{}.\"",
                aka = "prompt_template")
        String prompt,

        @Key(
                doc = "the student's reply; {answer} is the final answer that the rationale itself states",
                def = "\"<think>\\n{rationale}\\n</think>\\n\\n\\\\boxed{{answer}}\"")
        String completion) {
    public FormatConfig {
        require(prompt.contains("{problem}"), "prompt has no {problem}: " + prompt);
        require(completion.contains("{rationale}"), "completion has no {rationale}: " + completion);
    }

    public RowFormat rows() {
        return new RowFormat(prompt, completion);
    }
}
