package cogent.data.file;

import cogent.data.InputException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.TokenBuffer;

/** One JSON array of objects, read element by element. */
final class JsonArrayRows implements RowSource {
    private final Path file;
    private final JsonParser parser;
    private final Consumer<RefusedRow> refused;
    private boolean opened;
    private long number; // of the element: a whole array may stand in one line

    JsonArrayRows(Path file, InputStream in, Consumer<RefusedRow> refused) {
        this.file = file;
        this.refused = refused;
        this.parser = RowJson.ELEMENTS.createParser(in);
    }

    @Override
    public @Nullable Row next() {
        try {
            if (!opened) {
                parser.nextToken(); // the opening bracket
                opened = true;
            }
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (parser.currentToken() == null) {
                    throw new InputException(file + ": the JSON array does not end; the file was cut off");
                }
                number++;
                int line = parser.currentTokenLocation().getLineNr();
                TokenBuffer element = RowJson.ELEMENTS.readValue(parser, TokenBuffer.class);
                String fault = "not a JSON object";
                try {
                    if (RowJson.tree(element) instanceof ObjectNode object) {
                        return new Row(file, number, object);
                    }
                } catch (JacksonException | InputException e) {
                    fault = e instanceof JacksonException jackson
                            ? RowJson.describe(jackson)
                            : String.valueOf(e.getMessage());
                }
                refused.accept(new RefusedRow(file.toString(), number, fault + " (line " + line + " of the file)"));
            }
            if (parser.nextToken() != null) {
                throw new InputException(file + ": line "
                        + parser.currentTokenLocation().getLineNr() + " goes on behind the end of the JSON array");
            }
            return null;
        } catch (JacksonException e) {
            // unlike in JSON Lines nothing after the damage can be trusted
            String line =
                    e.getLocation() == null ? "" : "line " + e.getLocation().getLineNr() + " ";
            throw new InputException(file + ": " + line + "not JSON: " + RowJson.describe(e), e);
        }
    }

    @Override
    public void close() {
        parser.close();
    }
}
