package cogent.data.corpus;

import cogent.data.Gap;
import cogent.data.InputException;
import cogent.data.PreferencePair;
import cogent.data.file.Row;
import cogent.data.file.RowFile;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads preference pairs: Cogent's own rows, the authors' {@code prompt, chosen, rejected, beta}, and TRL's preference
 * rows, as text or conversational ({@code chosen} and {@code rejected} as message lists, the prompt given apart or as
 * their first message).
 */
public final class PreferencePairs {
    private PreferencePairs() {}

    /**
     * The pairs in file order. Close the stream.
     *
     * @param missingBeta β of rows that state none; empty: such a row is an error
     * @throws InputException now or while reading; every row must be sound
     */
    public static Stream<PreferencePair> read(Path file, OptionalDouble missingBeta) {
        return RowFile.open(file).map(row -> pair(row, missingBeta));
    }

    private static PreferencePair pair(Row row, OptionalDouble missingBeta) {
        ObjectNode fields = row.fields();
        try {
            if (!Fields.only(fields, "system").isBlank()) {
                throw new InputException("a system message: put it into the user's message");
            }
            Side chosen = side(fields, "chosen");
            Side rejected = side(fields, "rejected");
            if (!chosen.prompt.equals(rejected.prompt)) {
                throw new InputException("chosen and rejected answer different prompts");
            }
            String thinking = Message.thinking(fields);
            return new PreferencePair(
                    fields.has("id") ? Fields.text(fields.path("id")) : "line-" + row.line(),
                    chosen.prompt,
                    thinking.isEmpty() ? chosen.reply : Message.chosen(thinking, chosen.reply, rejected.reply),
                    rejected.reply,
                    beta(fields.path("beta"), missingBeta),
                    gap(Fields.text(fields.path("gap"))),
                    Fields.text(fields.path("chosen_from")),
                    Fields.text(fields.path("rejected_from")));
        } catch (InputException e) {
            throw new InputException(row.file() + ": line " + row.line() + " " + e.getMessage(), e);
        }
    }

    private record Side(String prompt, String reply) {}

    private static Side side(ObjectNode fields, String name) {
        JsonNode prompt = fields.path("prompt");
        JsonNode reply = fields.path(name);
        String thinking = Message.thinking(Message.thinkingOf(fields, name));
        if (!prompt.isArray() && !reply.isArray()) {
            return new Side(Fields.text(prompt), withThinking(thinking, Fields.text(reply)));
        }
        ArrayNode messages = fields.arrayNode();
        add(messages, prompt, "user");
        add(messages, reply, "assistant");
        Turns turns =
                Turns.trained(fields.objectNode().set("messages", messages)).orElseThrow();
        return new Side(turns.user(), withThinking(thinking, turns.assistant()));
    }

    private static String withThinking(String thinking, String reply) {
        return thinking.isEmpty() ? reply : Message.reply(thinking, reply);
    }

    private static void add(ArrayNode messages, JsonNode part, String role) {
        if (part.isArray()) {
            part.forEach(messages::add);
        } else if (part.isString()) {
            messages.addObject().put("role", role).put("content", part.asString());
        }
    }

    private static double beta(JsonNode beta, OptionalDouble otherwise) {
        if (beta.isNumber()) {
            return beta.asDouble();
        }
        if (!beta.isNull() && !beta.isMissingNode()) {
            throw new InputException("beta is no number: " + beta);
        }
        return otherwise.orElseThrow(() -> new InputException("no beta: expected a number in the field beta"));
    }

    private static @Nullable Gap gap(String name) {
        if (name.isEmpty()) {
            return null;
        }
        try {
            return Gap.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new InputException("unknown gap \"" + name + "\": expected small, medium or large", e);
        }
    }
}
