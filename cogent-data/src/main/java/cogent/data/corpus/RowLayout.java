package cogent.data.corpus;

import cogent.answer.Answers;
import cogent.data.Draft;
import cogent.data.InputException;
import cogent.data.Problem;
import cogent.data.Rationale;
import cogent.data.Reasoning;
import cogent.data.Sample;
import cogent.data.file.Row;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a corpus row in any of the layouts in common use: named fields (with GSM8K's {@code #### 42}), chat
 * {@code messages} and ShareGPT {@code conversations}; the reasoning plain, in {@code <think>} or between
 * {@code <|begin_of_thought|>} marks.
 */
record RowLayout(Fields names) {
    /**
     * A problem with its answer, where no rationale is needed: the answer is its field, or what is marked in it.
     *
     * @throws InputException the reason why the row is none
     */
    Problem problem(Row row, String idOtherwise) {
        ObjectNode fields = row.fields();
        String text = Fields.text(fields, names.problem(), Fields.PROBLEM)
                .orElseThrow(() -> missing("problem", names.problem(), Fields.PROBLEM, ""));
        String answer = Fields.text(fields, names.answer(), Fields.ANSWER)
                .orElseThrow(() -> missing("answer", names.answer(), Fields.ANSWER, ""));
        return new Problem(id(fields, idOtherwise), text, unmarked(answer));
    }

    private String id(ObjectNode fields, String otherwise) {
        return Fields.text(fields, names.id(), List.of("id")).orElse(otherwise);
    }

    /** The answer itself, where its field holds more: {@code … #### 42}. */
    private static String unmarked(String answer) {
        return Answers.isMarked(answer) ? Answers.extract(answer).orElse(answer) : answer;
    }

    /** @throws InputException the reason why the row is no sample */
    Sample sample(Row row, String idOtherwise) {
        Draft draft = draft(row, idOtherwise);
        if (draft.rationale() == null) {
            throw missing(
                    "rationale",
                    names.rationale(),
                    Fields.RATIONALE,
                    "; in a recipe, curate.author.samples has the teacher write missing ones");
        }
        return new Sample(draft.problem(), draft.rationale());
    }

    /** @throws InputException the reason why the row is not even a problem with its answer */
    Draft draft(Row row, String idOtherwise) {
        ObjectNode fields = row.fields();
        Optional<Turns> turns = names.problem() == null ? Turns.of(fields) : Optional.empty();
        String problem = turns.map(Turns::user)
                .or(() -> Fields.text(fields, names.problem(), Fields.PROBLEM))
                .orElseThrow(() -> missing("problem", names.problem(), Fields.PROBLEM, " or messages"));
        String answer = Fields.text(fields, names.answer(), Fields.ANSWER).orElse("");
        Optional<String> written =
                turns.map(Turns::assistant).or(() -> Fields.text(fields, names.rationale(), Fields.RATIONALE));
        if (written.isEmpty() && names.rationale() == null && Answers.isMarked(answer)) {
            written = Optional.of(answer); // GSM8K and its kin hold reasoning and answer in one field
        }
        if (written.isEmpty()) {
            if (answer.isEmpty()) {
                throw missing("rationale and no answer", names.rationale(), Fields.RATIONALE, "");
            }
            return new Draft(row.line(), new Problem(id(fields, idOtherwise), problem, unmarked(answer)), null);
        }
        Reasoning reasoning = Reasoning.of(written.get());
        if (answer.isEmpty()) {
            answer = reasoning
                    .conclusion()
                    .orElseThrow(
                            () -> missing("answer", names.answer(), Fields.ANSWER, ", or \\boxed{…} in the rationale"));
        }
        return new Draft(
                row.line(),
                new Problem(id(fields, idOtherwise), problem, unmarked(answer)),
                new Rationale(reasoning.thought(), reasoning.conclusion(answer)));
    }

    private static InputException missing(String part, @Nullable String named, List<String> names, String alternative) {
        String where = named == null
                ? (names.size() == 1 ? "" : "one of ") + String.join(", ", names) + alternative
                : "the field \"" + named + "\"";
        return new InputException("no " + part + ": expected " + where);
    }
}
