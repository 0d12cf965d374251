package cogent.llm.openai;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import okio.BufferedSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A streamed completion put together again: the server-sent events ({@code text/event-stream} of the HTML standard, §9.2)
 * of one reply become the JSON that the same server would have sent at once.
 */
final class StreamedReply {
    private final StringBuilder content = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final StringBuilder refusal = new StringBuilder();
    private final ObjectNode whole = Wire.JSON.createObjectNode();
    private String finish = "";
    /** Whether the event that is being read calls itself an error. */
    private boolean failed;

    private boolean ended;

    private StreamedReply() {}

    /**
     * Reads to the end of the stream.
     *
     * @param stall how long it may be silent once it has begun
     * @param mostBytes of all of it
     * @throws IOException when it breaks off, stalls or is too long
     */
    static JsonNode read(BufferedSource source, Duration stall, long mostBytes) throws IOException {
        var reply = new StreamedReply();
        var data = new StringBuilder();
        long bytes = 0;
        while (!reply.ended) {
            String line;
            try {
                if (source.indexOf((byte) '\n', 0, mostBytes) < 0
                        && source.getBuffer().size() >= mostBytes) {
                    throw tooLong(mostBytes); // one line without end
                }
                line = source.readUtf8Line();
            } catch (IOException e) {
                if (reply.finish.isEmpty()) {
                    throw e;
                }
                break; // the reply is whole; only the end of the stream is missing
            }
            if (line == null) {
                reply.take(data);
                break;
            }
            source.timeout().timeout(stall.toMillis(), TimeUnit.MILLISECONDS);
            if (bytes == 0 && line.startsWith("\uFEFF")) {
                line = line.substring(1);
            }
            bytes += line.length();
            if (bytes > mostBytes) {
                throw tooLong(mostBytes);
            }
            if (line.isEmpty()) {
                reply.take(data);
            } else if (line.startsWith("event:")) {
                reply.failed = line.substring(6).strip().equals("error");
            } else if (line.startsWith("data:")) {
                data.append(line, line.startsWith("data: ") ? 6 : 5, line.length());
            }
        }
        return reply.whole();
    }

    private static IOException tooLong(long mostBytes) {
        return new IOException("a stream of more than " + (mostBytes >> 20) + " MiB");
    }

    /** Takes the data of one event, and empties it. */
    private void take(StringBuilder data) throws IOException {
        String text = data.toString().strip();
        data.setLength(0);
        boolean error = failed;
        failed = false;
        if (text.isEmpty()) {
            return;
        }
        if (text.equals("[DONE]")) {
            ended = true;
            return;
        }
        JsonNode event;
        try {
            event = Wire.JSON.readTree(text);
        } catch (JacksonException e) {
            if (error) {
                whole.put("error", text);
                ended = true;
                return;
            }
            throw new IOException("an event of the stream is no JSON: " + e.getOriginalMessage(), e);
        }
        if (error
                || ErrorBody.status(event) != 0
                || event.path("object").asString("").equals("error")) {
            whole.set("error", event.hasNonNull("error") ? event.path("error") : event);
            ended = true;
            return;
        }
        if (event.path("model").isString()) {
            whole.set("model", event.path("model"));
        }
        JsonNode choice = event.path("choices").path(0);
        for (JsonNode holder : new JsonNode[] {event, choice, event.path("x_groq")}) { // Moonshot counts in the choice
            if (holder.path("usage").isObject()) {
                whole.set("usage", holder.path("usage"));
            }
        }
        JsonNode delta = choice.has("delta") ? choice.path("delta") : choice.path("message");
        content.append(Wire.content(delta.path("content"), "text"));
        reasoning.append(Wire.content(delta.path("content"), "thinking"));
        JsonNode thought =
                delta.path("reasoning_content").isString() ? delta.path("reasoning_content") : delta.path("reasoning");
        reasoning.append(thought.asString(""));
        refusal.append(delta.path("refusal").asString(""));
        String ends = choice.path("finish_reason").asString("");
        finish = ends.isEmpty() ? finish : ends;
    }

    private JsonNode whole() throws IOException {
        if (whole.has("error")) {
            return whole;
        }
        if (!ended && finish.isEmpty()) {
            throw new EOFException("the stream broke off");
        }
        ObjectNode choice = whole.putArray("choices").addObject();
        choice.put("finish_reason", finish)
                .putObject("message")
                .put("content", content.toString())
                .put("reasoning_content", reasoning.toString())
                .put("refusal", refusal.toString());
        return whole;
    }
}
