package cogent.cli.inspect;

import cogent.cli.command.JsonRows;
import cogent.data.InputException;
import cogent.model.text.Tokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code cogent inspect tokens}: text to ids and back. */
@Command(
        name = "tokens",
        mixinStandardHelpOptions = true,
        description =
                "{\"text\"} or {\"ids\"} → {\"ids\", \"text\"}; special tokens in a text become their ids, none are added")
final class InspectTokens implements Runnable {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelAndRows asked;

    @Override
    public void run() {
        try (Tokenizer tokenizer = Tokenizer.load(asked.model())) {
            JsonRows.each(asked.rows(), spec.commandLine().getOut(), row -> answer(tokenizer, row));
        }
    }

    private static ObjectNode answer(Tokenizer tokenizer, ObjectNode row) {
        JsonNode text = row.get("text");
        int[] ids;
        if (text != null && text.isString()) {
            ids = tokenizer.encode(text.asString());
        } else if (row.has("ids")) {
            ids = Ids.of(row, "ids");
            for (int id : ids) {
                if (id < 0 || id >= tokenizer.vocabSize()) {
                    throw new InputException(
                            "token id " + id + " is outside the vocabulary of " + tokenizer.vocabSize());
                }
            }
        } else {
            throw new InputException("expected \"text\" or \"ids\"");
        }
        ObjectNode answer = JsonRows.JSON.createObjectNode();
        answer.set("ids", JsonRows.JSON.valueToTree(ids));
        return answer.put("text", tokenizer.decode(ids));
    }
}
