package cogent.llm.run;

import cogent.llm.ChatException;
import cogent.llm.ChatModel;
import cogent.llm.ChatReply;
import cogent.llm.ChatRequest;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongHistogram;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;

/**
 * Every call as OpenTelemetry's conventions for generative AI have it: a span, its duration, its tokens; nothing where the program
 * sets no OpenTelemetry up. Prompts and replies are in none of it.
 */
final class TracedCalls implements ChatModel {
    private static final String NAME = "cogent.llm";
    private static final Attributes CHAT =
            Attributes.builder().put("gen_ai.operation.name", "chat").build();

    private final ChatModel inner;
    private final Tracer tracer = GlobalOpenTelemetry.getOrNoop().getTracer(NAME);
    private final DoubleHistogram duration;
    private final LongHistogram tokens;

    TracedCalls(ChatModel inner) {
        this.inner = inner;
        Meter meter = GlobalOpenTelemetry.getOrNoop().getMeter(NAME);
        duration = meter.histogramBuilder("gen_ai.client.operation.duration")
                .setUnit("s")
                .setDescription("Time of a call")
                .build();
        tokens = meter.histogramBuilder("gen_ai.client.token.usage")
                .ofLongs()
                .setUnit("{token}")
                .setDescription("Tokens of a call")
                .build();
    }

    @Override
    public ChatReply chat(ChatRequest request) {
        Attributes agent = CHAT.toBuilder().put("cogent.agent", request.agent()).build();
        Span span = tracer.spanBuilder("chat " + request.agent())
                .setSpanKind(SpanKind.CLIENT)
                .setAllAttributes(agent)
                .startSpan();
        long begun = System.nanoTime();
        try (Scope _ = span.makeCurrent()) {
            ChatReply reply = inner.chat(request);
            span.setAttribute("gen_ai.response.model", reply.model());
            span.setAttribute("gen_ai.usage.input_tokens", reply.usage().promptTokens());
            span.setAttribute("gen_ai.usage.output_tokens", reply.usage().completionTokens());
            tokens.record(reply.usage().promptTokens(), with(agent, "gen_ai.token.type", "input"));
            tokens.record(reply.usage().completionTokens(), with(agent, "gen_ai.token.type", "output"));
            duration.record(seconds(begun), agent);
            return reply;
        } catch (ChatException e) {
            span.setStatus(StatusCode.ERROR).setAttribute("error.type", e.kind().name());
            duration.record(seconds(begun), with(agent, "error.type", e.kind().name()));
            throw e;
        } finally {
            span.end();
        }
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private static Attributes with(Attributes attributes, String key, String value) {
        return attributes.toBuilder().put(key, value).build();
    }
}
