package cogent.studio.http;

import cogent.report.Report;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** The few files that pages load, all from our jars. */
public final class Assets {
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";

    private record Asset(Class<?> beside, String resource, String type) {}

    private static final Map<String, Asset> FILES = Map.of(
            "app.js", new Asset(Assets.class, "app.js", "text/javascript"),
            "plots.js", new Asset(Assets.class, "plots.js", "text/javascript"),
            "chat.js", new Asset(Assets.class, "chat.js", "text/javascript"),
            "app.css", new Asset(Assets.class, "app.css", "text/css"),
            "report.css", new Asset(Report.class, "report.css", "text/css"),
            "uplot.js", new Asset(Assets.class, UPLOT + "uPlot.iife.min.js", "text/javascript"),
            "uplot.css", new Asset(Assets.class, UPLOT + "uPlot.min.css", "text/css"));

    private Assets() {}

    public static Reply answer(Request request) throws IOException {
        Asset asset = FILES.get(request.segment("name"));
        if (asset == null) {
            throw RefusedRequest.notFound("there is no such file");
        }
        try (InputStream in = asset.beside().getResourceAsStream(asset.resource())) {
            if (in == null) {
                throw new IllegalStateException(asset.resource() + " is missing from the build");
            }
            return Reply.bytes(200, asset.type() + "; charset=utf-8", Map.of(), in.readAllBytes());
        }
    }
}
