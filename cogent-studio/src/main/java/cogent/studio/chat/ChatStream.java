package cogent.studio.chat;

import cogent.data.InputException;
import cogent.llm.ChatException;
import cogent.llm.ChatMessage;
import cogent.llm.ChatReply;
import cogent.llm.ChatRequest;
import cogent.llm.SamplingParams;
import cogent.llm.StreamingChatModel;
import cogent.studio.http.Reply;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The replies of one model or of two at the same time, a line of JSON for every piece: {@code {"side": 0, "text": …}}; at the end
 * of each {@code {"side": 0, "tokens": n, "cut": whether the limit ended it}}, or {@code {"side": 0, "error": …}}.
 */
record ChatStream(LoadedModels models, List<Side> sides, SamplingParams sampling) implements Reply.Body {
    /** A model's directory, the variables of its chat template, and what it is asked. */
    record Side(Path directory, Map<String, JsonNode> template, List<ChatMessage> messages) {}

    @Override
    public void write(OutputStream out) {
        Lines lines = new Lines(out);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < sides.size(); i++) {
            int side = i;
            threads.add(Thread.ofPlatform().name("chat " + side).start(() -> answer(side, lines)));
        }
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            lines.gone = true;
            Thread.currentThread().interrupt();
        }
    }

    private void answer(int side, Lines lines) {
        try {
            ChatReply reply = models.of(sides.get(side).directory, sides.get(side).template)
                    .reply(
                            new StreamingChatModel.Call(
                                    new ChatRequest("chat", sides.get(side).messages, 0), sampling, List.of()),
                            piece -> lines.write(line(side).put("text", piece.text())),
                            () -> lines.gone);
            lines.write(line(side)
                    .put("tokens", reply.usage().completionTokens())
                    .put("cut", reply.finish() == ChatReply.Finish.LENGTH));
        } catch (InputException | ChatException | IOException | OutOfMemoryError e) {
            lines.write(line(side).put("error", String.valueOf(e.getMessage())));
        } catch (UncheckedIOException e) {
            lines.gone = true;
        }
    }

    private static ObjectNode line(int side) {
        return JsonMapper.shared().createObjectNode().put("side", side);
    }

    /** Lines from several threads, each sent at once. */
    private static final class Lines {
        private final OutputStream out;
        private volatile boolean gone;

        Lines(OutputStream out) {
            this.out = out;
        }

        synchronized void write(ObjectNode line) {
            if (gone) {
                return;
            }
            try {
                out.write(JsonMapper.shared().writeValueAsBytes(line));
                out.write('\n');
                out.flush();
            } catch (IOException e) {
                gone = true; // the page was left, or its Stop was pressed
            }
        }
    }
}
