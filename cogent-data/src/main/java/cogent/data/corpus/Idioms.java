package cogent.data.corpus;

import cogent.data.InputException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What single corpora and trainers say in ways of their own, put into the names that {@link RowLayout} reads. A name that the
 * user states is meant as it stands.
 */
record Idioms(Fields names) {
    /** NuminaMath-1.5's answers to what has none. */
    private static final Set<String> NO_ANSWER = Set.of("proof", "notfound");

    /** The row, or a copy of it that says the same. */
    ObjectNode plain(ObjectNode row) {
        ObjectNode plain = row.deepCopy(); // texts are shared
        lowerCase(plain);
        if (names.problem() == null) {
            promptOfMessages(plain);
        }
        if (names.answer() == null) {
            answer(plain);
        }
        return plain;
    }

    /** AIME and others begin the names with a capital. */
    private void lowerCase(ObjectNode row) {
        for (String name : List.copyOf(row.propertyNames())) {
            String small = name.toLowerCase(Locale.ROOT);
            boolean known = Fields.isKnown(small) || Message.isThinking(small);
            if (!small.equals(name) && known && !row.has(small) && !names.states(name)) {
                row.set(small, row.remove(name));
            }
        }
    }

    /** TRL and verl give a prompt as messages: a conversation that nobody has replied in. */
    private static void promptOfMessages(ObjectNode row) {
        if (Turns.field(row).isPresent()
                || Fields.text(row, null, Fields.PROBLEM).isPresent()) {
            return;
        }
        Fields.PROBLEM.stream()
                .filter(name -> row.path(name).isArray()
                        && !Message.role(row.path(name).path(0)).isEmpty())
                .findFirst()
                .ifPresent(name -> row.set("messages", row.remove(name)));
    }

    private void answer(ObjectNode row) {
        for (String name : Fields.ANSWER) {
            String answer = row.path(name).asString("");
            if (NO_ANSWER.contains(answer.toLowerCase(Locale.ROOT))) {
                throw new InputException("the " + name + " is \"" + answer + "\": there is none to compare with");
            }
        }
        if (Fields.ANSWER.stream().anyMatch(name -> Fields.has(row, name))) {
            return;
        }
        String solution = row.path("solution").asString("").strip();
        if (Fields.has(row.path("reward_model"), "ground_truth")) { // verl's, as DAPO-Math and Skywork-OR1 have it
            row.set("answer", listed(row.remove("reward_model").path("ground_truth")));
        } else if (!solution.isEmpty() && !solution.matches("(?s).*\\s.*") && !"solution".equals(names.rationale())) {
            row.set("answer", row.remove("solution")); // s1K and DAPO's processed rows: one word, which is no reasoning
        }
    }

    /**
     * A value, where a text holds it as a list of one.
     *
     * @throws InputException where it holds an object: the tests of a program
     */
    private static JsonNode listed(JsonNode value) {
        String text = value.asString("").strip();
        if (!text.startsWith("[\"") && !text.startsWith("{\"")) {
            return value;
        }
        try {
            JsonNode inner = JsonMapper.shared().readTree(text);
            if (inner.isObject()) {
                throw new InputException("the field \"reward_model.ground_truth\" cannot be read: object");
            }
            return inner.size() == 1 ? inner.get(0) : value;
        } catch (JacksonException e) {
            return value; // begins like JSON and is none
        }
    }
}
