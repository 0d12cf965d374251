package cogent.cli.inspect;

import cogent.data.InputException;
import cogent.model.decoder.LanguageModel;
import cogent.model.text.ReplyStream;
import cogent.model.text.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The texts and token ids of rows; a directory without tokenizer takes ids only. */
final class PromptRows implements AutoCloseable {
    private final @Nullable Tokenizer tokenizer;
    private final Path directory;
    private final int vocabulary;

    PromptRows(Path directory, LanguageModel model) {
        this.directory = directory;
        this.vocabulary = model.config().vocabSize();
        this.tokenizer = Files.exists(directory.resolve("tokenizer.json")) ? Tokenizer.load(directory) : null;
        if (tokenizer != null) {
            model.requireFits(tokenizer);
        }
    }

    /** The ids under {@code name_ids}, or those of the text under {@code name}. */
    int[] ids(ObjectNode row, String name, BiFunction<Tokenizer, String, int[]> encode) {
        int[] ids;
        if (row.has(name + "_ids")) {
            ids = Ids.of(row, name + "_ids");
        } else if (row.has(name) && row.get(name).isString()) {
            ids = encode.apply(tokenizer(), row.get(name).asString());
        } else {
            throw new InputException("expected \"" + name + "\" (text) or \"" + name + "_ids\" (a list)");
        }
        for (int id : ids) {
            if (id < 0 || id >= vocabulary) {
                throw new InputException(
                        "token id " + id + " in the " + name + " is outside the model's vocabulary of " + vocabulary);
            }
        }
        return ids;
    }

    /** The text of a reply as its ids come, up to a stop text; empty where there is no tokenizer. */
    Reply reply(List<String> stops) {
        if (tokenizer == null && !stops.isEmpty()) {
            tokenizer();
        }
        return new Reply(tokenizer == null ? null : new ReplyStream(tokenizer, stops), new StringBuilder());
    }

    record Reply(@Nullable ReplyStream stream, StringBuilder begun) {
        /** Whether the text goes on. */
        boolean push(int id) {
            if (stream != null) {
                begun.append(stream.push(id));
            }
            return stream == null || !stream.stopped();
        }

        String text() {
            return stream == null ? "" : begun.append(stream.finish()).toString();
        }
    }

    /** The tokens that end a text; none where there is no tokenizer. */
    Set<Integer> stopIds() {
        return tokenizer == null ? Set.of() : tokenizer.stopIds();
    }

    private Tokenizer tokenizer() {
        if (tokenizer == null) {
            throw new InputException(directory + ": has no tokenizer.json; give token ids instead of text");
        }
        return tokenizer;
    }

    @Override
    public void close() {
        if (tokenizer != null) {
            tokenizer.close();
        }
    }
}
