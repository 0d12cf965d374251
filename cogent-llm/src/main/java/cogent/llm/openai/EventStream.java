package cogent.llm.openai;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/**
 * Server-sent events of one exchange. Begun with the first event, so that whatever goes wrong before it is still an
 * answer with a status of its own. Safe for the threads of several replies.
 */
public final class EventStream {
    private final HttpExchange exchange;
    private boolean begun;
    private volatile boolean gone;

    public EventStream(HttpExchange exchange) {
        this.exchange = exchange;
    }

    public boolean begun() {
        return begun;
    }

    /** Whether the client has hung up. */
    public boolean gone() {
        return gone;
    }

    public void send(JsonNode event) {
        write("data: " + event + "\n\n");
    }

    public void end() {
        write("data: [DONE]\n\n");
    }

    private synchronized void write(String event) {
        if (gone) {
            return;
        }
        try {
            if (!begun) {
                exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
                exchange.getResponseHeaders().set("Cache-Control", "no-cache");
                exchange.sendResponseHeaders(200, 0);
                begun = true;
            }
            OutputStream out = exchange.getResponseBody();
            out.write(event.getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            gone = true; // nothing is owed to a client that left
        }
    }
}
