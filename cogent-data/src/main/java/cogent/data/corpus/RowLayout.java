package cogent.data.corpus;

import cogent.answer.Answers;
import cogent.data.Draft;
import cogent.data.InputException;
import cogent.data.Problem;
import cogent.data.Rationale;
import cogent.data.Reasoning;
import cogent.data.Sample;
import cogent.data.file.Row;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a corpus row in any of the layouts in common use: named fields (with GSM8K's {@code #### 42}), chat
 * {@code messages} and ShareGPT {@code conversations}; the reasoning plain, in {@code <think>} or between
 * {@code <|begin_of_thought|>} marks.
 */
record RowLayout(Fields names) {
    /** So many of a row's fields are named where one is missing. */
    private static final int NAMED = 12;

    /** Answers of fewer words are no sentences, unless they say "the answer is". */
    private static final int SENTENCE = 8;

    private static final Pattern SENTENCE_ENDS = Pattern.compile("\\p{L}{2,}[.!?](?:\\s|$)|\\n");

    /** Where a rationale is looked for, in this order: a bare solution goes last, for it may be the reference. */
    private static final List<String> WRITTEN = Stream.of(
                    Fields.REPLY.stream().filter(name -> !name.equals("solution")),
                    Fields.REPLIES.stream(),
                    Stream.of("solution"))
            .flatMap(names -> names)
            .toList();

    /** What an option is called by: {@code A)}, {@code (B)}, {@code c.}. */
    private static final Pattern LABEL = Pattern.compile("^\\s*\\(?[A-Ja-j1-9][).:]\\s*");

    /** What may be a rationale among others: {@code r1_solution_2}, {@code gold_standard_solution}, {@code response1}. */
    private static final Pattern ONE_OF_SEVERAL = Pattern.compile(
            "(?i)(?:.+_)?(?:solution|response|generation|completion|output|rationale|reasoning|cot)(?:_?\\d+)?");

    /** The same where a {@code solution} is more likely the reference: s1K-1.1's {@code gemini_attempt}. */
    private static final Pattern ATTEMPT = Pattern.compile("(?i).+_(?:attempt|trajectory)(?:_?\\d+)?");

    /**
     * A problem with its answer, where no rationale is needed: the answer is its field, or what is marked in it.
     *
     * @throws InputException the reason why the row is none
     */
    Problem problem(Row row, String idOtherwise) {
        ObjectNode fields = plain(row.fields());
        String text = turns(fields)
                .map(Turns::user)
                .or(() -> question(fields))
                .orElseThrow(() -> missing(row, "problem", names.problem(), Fields.PROBLEM, " or messages"));
        String answer = answer(fields);
        if (answer.isEmpty()) {
            answer = markedSolution(fields)
                    .orElseThrow(() ->
                            missing(row, "answer", names.answer(), Fields.ANSWER, ", or \\boxed{…} in the solution"));
        }
        return new Problem(id(fields, idOtherwise), text, unmarked(answer));
    }

    private ObjectNode plain(ObjectNode row) {
        return new Idioms(names).plain(row);
    }

    private Optional<Turns> turns(ObjectNode fields) {
        return names.problem() == null ? Turns.of(fields) : Optional.empty();
    }

    /** MATH and its kin give the reference in the box of their solution. */
    private Optional<String> markedSolution(ObjectNode fields) {
        return names.answer() == null
                ? Fields.text(fields, null, List.of("solution")).filter(Answers::isMarked)
                : Optional.empty();
    }

    private String id(ObjectNode fields, String otherwise) {
        return Fields.text(fields, names.id(), List.of("id")).orElse(otherwise);
    }

    /** The answer itself, where its field holds more: {@code … #### 42}. */
    private static String unmarked(String answer) {
        return Answers.isMarked(answer) ? Answers.extract(answer).orElse(answer) : answer;
    }

    /** Whether an answer is more than that: reasoning that marks it, or sentences that announce it or are long. */
    private boolean isReply(String answer) {
        return Answers.isMarked(answer)
                || (names.answer() == null
                        && SENTENCE_ENDS.matcher(answer).find()
                        && (answer.strip().split("\\s+").length >= SENTENCE
                                || Answers.extract(answer).isPresent()));
    }

    /** @throws InputException the reason why the row is no sample */
    Sample sample(Row row, String idOtherwise) {
        Draft draft = draft(row, idOtherwise);
        if (draft.rationale() == null) {
            throw missing(
                    row,
                    "rationale",
                    names.rationale(),
                    Fields.RATIONALE,
                    "; in a recipe, curate.author.samples has the teacher write missing ones");
        }
        return new Sample(draft.problem(), draft.rationale());
    }

    /** @throws InputException the reason why the row is not even a problem with its answer */
    Draft draft(Row row, String idOtherwise) {
        ObjectNode fields = plain(row.fields());
        Message.refuseUntrained(fields);
        Optional<Turns> turns = turns(fields);
        String problem = turns.map(Turns::user)
                .or(() -> question(fields))
                .orElseThrow(() -> Turns.unread(fields)
                        .filter(_ -> names.problem() == null)
                        .orElseGet(() -> missing(row, "problem", names.problem(), Fields.PROBLEM, " or messages")));
        refuseOptions(fields, problem);
        String answer = answer(fields);
        Optional<String> written = names.rationale() == null
                ? turns.map(Turns::assistant).filter(reply -> !reply.isBlank()).or(() -> reply(fields))
                : reply(fields);
        boolean inOne = written.isEmpty() && names.rationale() == null && isReply(answer);
        if (inOne) {
            written = Optional.of(answer); // GSM8K, orca-math and their kin hold reasoning and answer in one field
            answer = Answers.isMarked(answer) ? answer : "";
        }
        String stated = answer.isEmpty() ? markedSolution(fields).orElse("") : answer;
        String reference = unmarked(stated);
        if (written.isEmpty() || (turns.isEmpty() && repliesWithSolution(fields))) {
            refuseChoice(fields, written.isEmpty());
        }
        boolean meant = names.rationale() != null || Fields.has(fields, "rationale"); // else a bare answer is none
        if (written.filter(reply -> meant || !reply.strip().equals(reference)).isEmpty()) {
            if (reference.isEmpty()) {
                throw missing(row, "rationale and no answer", names.rationale(), Fields.RATIONALE, "");
            }
            return new Draft(row.line(), new Problem(id(fields, idOtherwise), problem, reference), null);
        }
        Reasoning reasoning = Reasoning.of(written.get());
        String known = reference.isEmpty()
                ? reasoning
                        .answer()
                        .orElseThrow(() -> inOne
                                ? new InputException(
                                        "no answer: the field that should hold it replies in sentences, and"
                                                + " none says \"the answer is …\" or \\boxed{…}")
                                : missing(
                                        row,
                                        "answer",
                                        names.answer(),
                                        Fields.ANSWER,
                                        ", or \\boxed{…} in the rationale"))
                : reference;
        return new Draft(
                row.line(),
                new Problem(id(fields, idOtherwise), problem, known),
                new Rationale(reasoning.thought(), reasoning.conclusion(known)));
    }

    /**
     * Nobody is to pay for a rationale that stands in the row, and none is to be taken for want of the name of another.
     *
     * @throws InputException naming the fields that may hold it, where it is none that is recognised
     */
    private void refuseChoice(ObjectNode fields, boolean nothingElse) {
        if (names.rationale() != null || !Message.thinkingFields(fields).isEmpty()) {
            return;
        }
        List<String> others = fields.propertyNames().stream()
                .filter(name -> !Fields.isKnown(name) && !name.equals(names.answer()))
                .filter(name -> ATTEMPT.matcher(name).matches()
                        || (nothingElse && ONE_OF_SEVERAL.matcher(name).matches()))
                .filter(name -> fields.path(name).asString("").strip().contains(" "))
                .toList();
        if (!others.isEmpty()) {
            throw new InputException(
                    "which field is the rationale? corpus.fields.rationale names it: " + String.join(" or ", others));
        }
    }

    /**
     * Without its options a question of multiple choice has no answer.
     *
     * @throws InputException where they stand beside the problem alone
     */
    private void refuseOptions(ObjectNode fields, String problem) {
        for (String name : names.problem() == null ? List.of("options", "choices") : List.<String>of()) {
            JsonNode options = fields.path(name).has("text") ? fields.path(name).path("text") : fields.path(name);
            boolean missing = options.valueStream()
                    .map(option -> LABEL.matcher(Fields.text(option)).replaceFirst(""))
                    .anyMatch(option -> !problem.contains(option.strip()));
            if (missing) {
                throw new InputException(
                        "the field \"" + name + "\" is part of what is asked: write the options into the"
                                + " problem, or name corpus.fields.problem to do without them");
            }
        }
    }

    private static boolean repliesWithSolution(ObjectNode fields) {
        return first(fields, null, Fields.REPLY).filter("solution"::equals).isPresent();
    }

    /** Alpaca's {@code input} is part of what its {@code instruction} asks, SVAMP's {@code body} stands before its question. */
    private Optional<String> question(ObjectNode fields) {
        Optional<String> text = Fields.text(fields, names.problem(), Fields.PROBLEM);
        if (isAlpaca(fields)) {
            return text.map(instruction -> instruction + "\n\n" + Fields.only(fields, "input"));
        }
        return hasBody(fields) ? text.map(question -> Fields.only(fields, "body") + " " + question) : text;
    }

    private boolean hasBody(ObjectNode fields) {
        return names.problem() == null
                && first(fields, null, Fields.PROBLEM)
                        .filter("question"::equals)
                        .isPresent()
                && Fields.has(fields, "body");
    }

    private boolean isAlpaca(ObjectNode fields) {
        return names.problem() == null
                && first(fields, null, Fields.PROBLEM)
                        .filter("instruction"::equals)
                        .isPresent()
                && Fields.has(fields, "input");
    }

    /** What was written in reply, with the thinking in it that stands in a field of its own. */
    private Optional<String> reply(ObjectNode fields) {
        if (names.rationale() != null) {
            return Optional.of(single(fields, names.rationale())).filter(text -> !text.isBlank());
        }
        String reply = "";
        for (String name : WRITTEN) {
            reply = reply.isBlank() ? single(fields, name) : reply;
        }
        single(fields, "thinking_trajectories"); // of s1K: a list of one, or a choice
        String thinking = Message.thinking(fields);
        String whole = reply.isBlank() ? thinking : Message.reply(thinking, reply);
        return Optional.of(whole).filter(text -> !text.isBlank());
    }

    private static String single(ObjectNode fields, String name) {
        JsonNode value = fields.path(name);
        if (value.isArray() && value.size() > 1) {
            throw new InputException(
                    value.size() + " rationales in the field \"" + name + "\": give each a row of its own");
        }
        return Fields.only(fields, name);
    }

    /** @throws InputException when there is an answer that is no text, number or list of them */
    private String answer(ObjectNode fields) {
        for (String name : names.answer() == null ? Fields.ANSWER : List.of(names.answer())) {
            String answer = Fields.only(fields, name);
            boolean itsRationale = name.equals(names.rationale()) && !Answers.isMarked(answer); // which states it then
            if (!answer.isBlank() && !itsRationale) {
                return answer;
            }
        }
        return "";
    }

    /** What a row says that its sample does not hold. */
    List<String> unused(ObjectNode row) {
        ObjectNode fields = plain(row);
        Set<String> used = new HashSet<>(List.of(names.id() == null ? "id" : names.id()));
        Optional<String> turns = names.problem() == null ? Turns.field(fields) : Optional.empty();
        turns.ifPresentOrElse(
                used::add, () -> first(fields, names.problem(), Fields.PROBLEM).ifPresent(used::add));
        first(fields, names.answer(), Fields.ANSWER)
                .or(() -> markedSolution(fields).map(_ -> "solution"))
                .ifPresent(used::add);
        if (names.rationale() != null) {
            used.add(names.rationale());
        } else {
            used.addAll(Message.thinkingFields(fields));
            if (turns.filter(field -> Turns.isAnswered(fields.path(field))).isEmpty()) {
                first(fields, null, WRITTEN).ifPresent(used::add);
            }
        }
        if (turns.isEmpty() && isAlpaca(fields)) {
            used.add("input");
        }
        if (turns.isEmpty() && hasBody(fields)) {
            used.add("body");
        }
        List<String> unused = new ArrayList<>(Message.unused(fields, used));
        turns.ifPresent(field -> unused.addAll(Turns.unused(fields, field)));
        return unused;
    }

    private static Optional<String> first(ObjectNode fields, @Nullable String named, List<String> recognised) {
        return (named == null ? recognised : List.of(named))
                .stream().filter(name -> Fields.has(fields, name)).findFirst();
    }

    private static InputException missing(
            Row row, String part, @Nullable String named, List<String> names, String alternative) {
        String where = named == null
                ? (names.size() == 1 ? "" : "one of ") + String.join(", ", names) + alternative
                : "the field \"" + named + "\"";
        ObjectNode fields = row.fields();
        String there = fields.propertyNames().stream()
                .limit(NAMED)
                .map(RowLayout::shortened)
                .collect(Collectors.joining(", "));
        return new InputException("no " + part + ": expected " + where
                + (there.isEmpty() ? "" : "; the row has " + there + (fields.size() > NAMED ? ", …" : ""))
                + (named == null ? ". Another name goes into corpus.fields, or fields of a benchmark" : ""));
    }

    private static String shortened(String name) {
        return name.length() > 40 ? name.substring(0, 40) + "…" : name;
    }
}
