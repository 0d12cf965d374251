package cogent.curate.run;

import cogent.curate.Curated;
import cogent.curate.SampleOutcome;
import cogent.data.Sample;
import cogent.llm.ChatException;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import java.util.function.Function;

/**
 * A sample's curation as a span for OpenTelemetry, over those of its agents' calls; nothing where the program sets no
 * OpenTelemetry up.
 */
final class SampleTrace {
    private final Tracer tracer = GlobalOpenTelemetry.getOrNoop().getTracer("cogent.curate");

    Curated around(Sample sample, Function<Sample, Curated> curation) {
        Span span = tracer.spanBuilder("curate sample")
                .setAttribute("cogent.sample", sample.id())
                .startSpan();
        try (Scope _ = span.makeCurrent()) {
            Curated curated = curation.apply(sample);
            span.setAttribute("cogent.label", String.valueOf(curated.critique().label()));
            span.setAttribute("cogent.rewrites", curated.rounds().size());
            span.setAttribute("cogent.kept", curated.outcome() instanceof SampleOutcome.Kept);
            return curated;
        } catch (ChatException e) {
            span.setStatus(StatusCode.ERROR).setAttribute("error.type", e.kind().name());
            throw e;
        } finally {
            span.end();
        }
    }
}
