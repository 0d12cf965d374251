package cogent.train.rows;

import cogent.data.InputException;
import cogent.data.corpus.Fields;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * What single sets of preferences say in ways of their own, put into the {@code prompt}, {@code chosen} and
 * {@code rejected} that {@link Conversations} reads.
 */
final class PairIdioms {
    /** Two replies and a figure that is below 0 where the first is better. */
    private record Compared(String first, String second, String figure) {}

    /** Two replies of which one is better by its name. */
    private record Named(String chosen, String rejected) {}

    private static final List<Compared> COMPARED = List.of(
            new Compared("response_1", "response_2", "preference_strength"), // HelpSteer2-Preference
            new Compared("response1", "response2", "overall_preference")); // HelpSteer3

    private static final List<Named> NAMED = List.of(
            new Named("preferred_output", "non_preferred_output"), // OpenAI's
            new Named("chosen_response", "rejected_response")); // distilabel's

    /** HH-RLHF's turns. */
    private static final Pattern SPEAKER = Pattern.compile("(?:\\A|\\n\\n)\\s*(Human|Assistant):");

    private PairIdioms() {}

    /**
     * The row, or a copy of it that says the same.
     *
     * @throws InputException where neither reply is better
     */
    static ObjectNode plain(ObjectNode row) {
        ObjectNode plain = row.deepCopy(); // texts are shared
        COMPARED.stream()
                .filter(names -> row.has(names.first) && row.has(names.second) && row.has(names.figure))
                .findFirst()
                .ifPresent(names -> {
                    boolean first = isFirst(plain.remove(names.figure), names.figure);
                    side(plain, "chosen", first ? names.first : names.second);
                    side(plain, "rejected", first ? names.second : names.first);
                });
        NAMED.stream()
                .filter(names -> row.has(names.chosen) && row.has(names.rejected))
                .findFirst()
                .ifPresent(names -> {
                    side(plain, "chosen", names.chosen);
                    side(plain, "rejected", names.rejected);
                });
        if (!row.has("prompt") && row.path("context").isArray()) {
            plain.set("prompt", plain.remove("context")); // HelpSteer3
        }
        if (!row.has("prompt") && row.path("input").path("messages").isArray()) {
            ObjectNode input = (ObjectNode) plain.remove("input"); // OpenAI's
            input.propertyStream().forEach(field -> plain.set(field.getKey(), field.getValue()));
        }
        dialogues(plain);
        return plain;
    }

    private static boolean isFirst(JsonNode figure, String name) {
        double value = figure.asDouble(0);
        if (value == 0) {
            throw new InputException(name + " " + figure + ": neither reply is better");
        }
        return value < 0;
    }

    private static void side(ObjectNode row, String side, String name) {
        if (!Fields.has(row, side)) {
            row.set(side, row.remove(name));
        }
    }

    /** HH-RLHF has whole dialogues in one text, or those before the replies. */
    private static void dialogues(ObjectNode row) {
        if (isDialogue(row.path("prompt"))) {
            ArrayNode messages = messages(row.path("prompt").asString());
            if (messages.get(messages.size() - 1).path("content").asString().isEmpty()) {
                messages.remove(messages.size() - 1); // the word that the reply follows
            }
            row.set("prompt", messages);
            for (String side : List.of("chosen", "rejected")) {
                if (row.path(side).isString()) {
                    row.put(side, row.path(side).asString().strip());
                }
            }
        } else if (!row.has("prompt") && isDialogue(row.path("chosen")) && isDialogue(row.path("rejected"))) {
            row.set("chosen", messages(row.path("chosen").asString()));
            row.set("rejected", messages(row.path("rejected").asString()));
        }
    }

    private static boolean isDialogue(JsonNode text) {
        return text instanceof StringNode
                && text.asString().stripLeading().startsWith("Human:")
                && text.asString().contains("\n\nAssistant:");
    }

    private static ArrayNode messages(String dialogue) {
        ArrayNode messages = JsonNodeFactory.instance.arrayNode();
        Matcher speaker = SPEAKER.matcher(dialogue);
        boolean more = speaker.find();
        while (more) {
            String role = speaker.group(1).equals("Human") ? "user" : "assistant";
            int from = speaker.end();
            more = speaker.find();
            String said = dialogue.substring(from, more ? speaker.start() : dialogue.length());
            messages.addObject().put("role", role).put("content", said.strip());
        }
        return messages;
    }
}
