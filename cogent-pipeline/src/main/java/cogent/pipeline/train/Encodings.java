package cogent.pipeline.train;

import cogent.data.InputException;
import cogent.model.decoder.LanguageModel;
import cogent.model.text.ChatFormat;
import cogent.model.text.Tokenizer;
import cogent.pipeline.run.Students;
import cogent.train.rows.Encoding;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How training encodes the rows of a model directory; one without tokenizer takes rows of token ids only.
 *
 * @param template variables of its chat template
 */
public record Encodings(Encoding encoding, @Nullable Tokenizer tokenizer, Map<String, JsonNode> template)
        implements AutoCloseable {
    /** @throws InputException when the tokenizer has tokens that the model has not */
    public static Encodings of(Path directory, LanguageModel model, Map<String, JsonNode> template) {
        Encodings encodings = of(directory, template);
        if (encodings.tokenizer != null) {
            model.requireFits(encodings.tokenizer);
        }
        return encodings;
    }

    /** @param template variables of its chat template */
    public static Encodings of(Path directory, Map<String, JsonNode> template) {
        if (!Files.exists(directory.resolve("tokenizer.json"))) {
            return new Encodings(new IdsOnly(directory), null, Map.of());
        }
        Tokenizer tokenizer = Tokenizer.load(directory);
        ChatFormat format = ChatFormat.of(tokenizer, Students.DATE, template);
        return new Encodings(Encoding.of(format), tokenizer, template);
    }

    /** The text of a token, empty where there is no tokenizer. */
    public String text(int id) {
        return tokenizer == null ? "" : tokenizer.decode(new int[] {id});
    }

    @Override
    public void close() {
        if (tokenizer != null) {
            tokenizer.close();
        }
    }

    private record IdsOnly(Path directory) implements Encoding {
        @Override
        public int[] prompt(String text) {
            throw refused();
        }

        @Override
        public int[] prompt(List<Map<String, Object>> messages) {
            throw refused();
        }

        @Override
        public int[] completion(String text) {
            throw refused();
        }

        private InputException refused() {
            return new InputException(directory + " has no tokenizer.json; give token ids instead of text");
        }
    }
}
