package cogent.model.text;

import cogent.data.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The token that ends a turn under a model's chat template, named wherever its readers look for one. A base model ends
 * texts with another token: trained with a chat template and saved with its old files, it would write on behind every reply.
 */
public final class TurnEnd {
    private static final JsonMapper JSON = JsonMapper.shared();

    private TurnEnd() {}

    /**
     * Adds the token to {@code eos_token_id} of {@code config.json} and {@code generation_config.json}, before the old ones,
     * and makes it the tokenizer's {@code eos_token}; nothing is changed where it is an {@code eos_token_id} already.
     *
     * @param saved a directory that is being saved, with the files of this tokenizer
     */
    public static void declare(Path saved, Tokenizer tokenizer) throws IOException {
        OptionalInt end = end(tokenizer);
        Path generation = saved.resolve("generation_config.json");
        boolean known = end.isEmpty() || SpecialTokens.read(saved).eosIds().contains(end.getAsInt());
        if (known) {
            return;
        }
        for (Path file : new Path[] {saved.resolve("config.json"), generation}) {
            change(file, json -> {
                TreeSet<Integer> old = new TreeSet<>(tokenizer.stopIds());
                ids(json.path("eos_token_id")).forEach(id -> old.add(id.asInt()));
                ArrayNode all = json.putArray("eos_token_id").add(end.getAsInt());
                old.stream().filter(id -> id != end.getAsInt()).forEach(all::add);
            });
        }
        // a template that writes the eos_token itself means the old one
        Optional<String> template = ChatTemplate.text(tokenizer.directory());
        if (template.isPresent() && !template.get().contains("eos_token")) {
            String token = tokenizer.decode(end.getAsInt());
            change(saved.resolve("tokenizer_config.json"), json -> json.put("eos_token", token));
            change(saved.resolve("special_tokens_map.json"), json -> json.put("eos_token", token));
        }
    }

    private static OptionalInt end(Tokenizer tokenizer) {
        if (ChatTemplate.text(tokenizer.directory()).isEmpty()) {
            return OptionalInt.empty();
        }
        try {
            return OptionalInt.of(ChatFormat.of(tokenizer, LocalDate.EPOCH).endOfTurn());
        } catch (InputException e) {
            return OptionalInt.empty(); // a template that refuses a single user's message was not trained with either
        }
    }

    interface Change {
        void to(ObjectNode json);
    }

    /** A JSON file that is there. */
    static void change(Path file, Change change) throws IOException {
        if (Files.isRegularFile(file) && SpecialTokens.json(file) instanceof ObjectNode json) {
            change.to(json);
            Files.writeString(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
        }
    }

    private static Iterable<JsonNode> ids(JsonNode one) {
        return one.isArray() ? one : one.isInt() ? List.of(one) : List.of();
    }
}
