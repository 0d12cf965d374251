package cogent.data;

/**
 * How a problem and a rationale become the text that the student is trained and evaluated on.
 *
 * @param prompt the user's message; {@code {problem}} stands for the problem
 * @param completion the student's reply; {@code {rationale}} stands for the reasoning, {@code {answer}} for the final
 *     answer that the rationale itself states
 */
public record RowFormat(String prompt, String completion) {
    /** The form of the authors' preference rows: thinking in tags, then the boxed answer. */
    public static final RowFormat THINK = new RowFormat(
            "{problem}\nPlease reason step by step, and put your final answer within \\boxed{}.",
            "<think>\n{rationale}\n</think>\n\n\\boxed{{answer}}");

    /** The bare problem and the bare rationale, for students that know no tags. */
    public static final RowFormat PLAIN = new RowFormat("{problem}", "{rationale}");

    public RowFormat {
        if (!prompt.contains("{problem}")) {
            throw new InputException("the prompt format has no {problem}: " + prompt);
        }
        if (!completion.contains("{rationale}")) {
            throw new InputException("the completion format has no {rationale}: " + completion);
        }
    }

    public String prompt(Problem problem) {
        return prompt.replace("{problem}", problem.text());
    }

    public String completion(Rationale rationale) {
        // the rationale goes in last: its own text may hold braces
        return completion.replace("{answer}", rationale.conclusion()).replace("{rationale}", rationale.text());
    }

    /** A completion whose final answer is still to come: the text before the answer, and what the format puts behind it. */
    public record Opening(String before, String after) {}

    /**
     * The completion up to where the final answer begins. A format that sets no answer behind the rationale gets a box.
     *
     * @param work a rationale with its final answer removed
     */
    public Opening opening(String work) {
        int place = completion.indexOf("{rationale}");
        int answer = completion.indexOf("{answer}", place);
        if (answer < 0) {
            return new Opening(completion.substring(0, place).replace("{answer}", "") + work + "\n\n\\boxed{", "}");
        }
        String before = completion.substring(0, answer).replace("{answer}", "").replace("{rationale}", work);
        return new Opening(before, completion.substring(answer + "{answer}".length()));
    }
}
