package cogent.serve;

import cogent.llm.ChatReply.Usage;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** What {@code GET /metrics} tells, in Prometheus' text format 0.0.4. */
final class Metrics {
    private static final AttributeKey<String> TYPE = AttributeKey.stringKey("gen_ai.token.type");
    private static final Attributes INPUT = Attributes.of(TYPE, "input");
    private static final Attributes OUTPUT = Attributes.of(TYPE, "output");

    private final Map<String, LongAdder> answers = new ConcurrentSkipListMap<>();
    private final LongAdder promptTokens = new LongAdder();
    private final LongAdder completionTokens = new LongAdder();
    private final LongAdder waiting = new LongAdder();
    private final LongAdder running = new LongAdder();
    private final Histogram request =
            new Histogram("cogent_request_seconds", "From a request for replies to the end of its answer.");
    private final Histogram firstToken =
            new Histogram("cogent_time_to_first_token_seconds", "From the asking for a reply to its first token.");

    /** The same for OpenTelemetry, by its conventions for generative AI; nothing where the program sets none up. */
    private final DoubleHistogram firstTokenTold = GlobalOpenTelemetry.getOrNoop()
            .getMeter("cogent.serve")
            .histogramBuilder("gen_ai.server.time_to_first_token")
            .setUnit("s")
            .build();

    private final LongCounter tokensTold = GlobalOpenTelemetry.getOrNoop()
            .getMeter("cogent.serve")
            .counterBuilder("cogent.serve.tokens")
            .setUnit("{token}")
            .build();

    /** A request was answered. */
    void answered(String path, int status) {
        answers.computeIfAbsent("{path=\"%s\",status=\"%s\"}".formatted(path, status), _ -> new LongAdder())
                .increment();
    }

    void took(long nanos) {
        request.add(nanos / 1e9);
    }

    /** A reply under way, from its asking to its closing; for one thread. */
    final class Reply implements AutoCloseable {
        private final long asked = System.nanoTime();
        private boolean begun;

        Reply() {
            waiting.increment();
        }

        /** Its next piece is there. */
        void piece() {
            if (!begun) {
                begun = true;
                waiting.decrement();
                running.increment();
                double seconds = (System.nanoTime() - asked) / 1e9;
                firstToken.add(seconds);
                firstTokenTold.record(seconds);
            }
        }

        void whole(Usage usage) {
            promptTokens.add(usage.promptTokens());
            completionTokens.add(usage.completionTokens());
            tokensTold.add(usage.promptTokens(), INPUT);
            tokensTold.add(usage.completionTokens(), OUTPUT);
        }

        @Override
        public void close() {
            (begun ? running : waiting).decrement();
        }
    }

    String text() {
        var out = new StringBuilder();
        out.append("# HELP cogent_requests_total Requests answered.\n# TYPE cogent_requests_total counter\n");
        answers.forEach((labels, count) -> out.append("cogent_requests_total%s %s\n".formatted(labels, count.sum())));
        line(out, "prompt_tokens_total", "counter", "Tokens of prompts that were answered.", promptTokens);
        line(out, "completion_tokens_total", "counter", "Tokens generated.", completionTokens);
        line(out, "replies_waiting", "gauge", "Replies asked for that have no token yet.", waiting);
        line(out, "replies_running", "gauge", "Replies being generated.", running);
        request.write(out);
        firstToken.write(out);
        return out.toString();
    }

    private static void line(StringBuilder out, String name, String type, String help, LongAdder value) {
        out.append("# HELP cogent_%s %s\n# TYPE cogent_%s %s\ncogent_%s %s\n"
                .formatted(name, help, name, type, name, value.sum()));
    }
}
