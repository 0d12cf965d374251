package cogent.cli;

import cogent.data.InputException;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import java.util.Locale;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/**
 * OpenTelemetry's SDK, set up by its own environment variables and only where one of them says where to: spans and metrics go out by
 * OTLP over HTTP. What is left of them is sent at the end.
 */
record Telemetry(OpenTelemetrySdk sdk) implements AutoCloseable {
    private static final String ASKED = "OTEL_EXPORTER_OTLP(_TRACES|_METRICS)?_ENDPOINT|OTEL_(TRACES|METRICS)_EXPORTER";

    private static final Logger LOG = Logger.getLogger("io.opentelemetry");

    private static final Map<String, String> DEFAULTS = Map.of(
            "otel.service.name", "cogent",
            "otel.exporter.otlp.protocol", "http/protobuf",
            "otel.logs.exporter", "none");

    static boolean isAsked(Map<String, String> environment) {
        return environment.keySet().stream().anyMatch(name -> name.matches(ASKED));
    }

    /**
     * Once in a process.
     *
     * @throws InputException when a variable has a value that the SDK does not take
     */
    static Telemetry start(Map<String, String> environment) {
        System.setProperty("java.util.logging.SimpleFormatter.format", "OpenTelemetry: %5$s%n"); // a line
        LOG.setLevel(Level.WARNING);
        Map<String, String> given = environment.entrySet().stream()
                .filter(variable -> variable.getKey().startsWith("OTEL_"))
                .collect(Collectors.toMap(
                        variable -> variable.getKey().toLowerCase(Locale.ROOT).replace('_', '.'), Map.Entry::getValue));
        try {
            return new Telemetry(AutoConfiguredOpenTelemetrySdk.builder()
                    .addPropertiesSupplier(() -> DEFAULTS)
                    .addPropertiesCustomizer(_ -> given)
                    .disableShutdownHook() // in which failures could not be told any more
                    .setResultAsGlobal()
                    .build()
                    .getOpenTelemetrySdk());
        } catch (ConfigurationException e) {
            throw new InputException("OpenTelemetry, asked for by OTEL_… variables: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        sdk.close();
    }
}
