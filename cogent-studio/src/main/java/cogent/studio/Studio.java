package cogent.studio;

import cogent.studio.http.Assets;
import cogent.studio.http.Route;
import cogent.studio.http.StudioServer;
import cogent.studio.result.ResultsPage;
import cogent.studio.run.RunFolder;
import cogent.studio.run.RunPage;
import cogent.studio.run.RunsPage;
import cogent.studio.sample.CallsPage;
import cogent.studio.sample.RowsExport;
import cogent.studio.sample.SamplePage;
import cogent.studio.sample.SamplesPage;
import cogent.studio.training.ComparePage;
import cogent.studio.training.Curves;
import cogent.studio.training.TrainingPage;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** The pages over a folder of runs, served to this machine. */
public final class Studio implements AutoCloseable {
    private final StudioServer server;

    private Studio(StudioServer server) {
        this.server = server;
    }

    /**
     * @param runs the folder that runs lie in; it may not be there yet
     * @param port 0: any free one
     * @throws cogent.data.InputException when the port cannot be had
     */
    public static Studio start(Path runs, int port) {
        RunFolder folder = new RunFolder(runs);
        RunPage run = new RunPage(folder);
        SamplePage sample = new SamplePage(folder);
        RowsExport rows = new RowsExport(folder);
        Curves curves = new Curves(folder);
        return new Studio(StudioServer.start(
                port,
                List.of(
                        Route.get("/assets/{name}", Assets::answer),
                        Route.get("/", new RunsPage(folder)::answer),
                        Route.get("/run/{run}", run::answer),
                        Route.get("/run/{run}/report.html", run::report),
                        Route.get("/run/{run}/samples", new SamplesPage(folder)::answer),
                        Route.get("/run/{run}/samples.jsonl", rows::samples),
                        Route.get("/run/{run}/rows/{file}", rows::rows),
                        Route.get("/run/{run}/sample/{sample}", sample::answer),
                        Route.post("/run/{run}/sample/{sample}", sample::keep),
                        Route.get("/run/{run}/sample/{sample}/calls", new CallsPage(folder)::answer),
                        Route.get("/run/{run}/training", new TrainingPage(folder)::answer),
                        Route.get("/curves.json", curves::json),
                        Route.get("/curves.csv", curves::csv),
                        Route.get("/curves.svg", curves::svg),
                        Route.get("/compare", new ComparePage(folder)::answer),
                        Route.get("/run/{run}/results", new ResultsPage(folder)::answer))));
    }

    /** What to open in a browser; it holds the key, and is nobody else's business. */
    public URI address() {
        return server.address();
    }

    @Override
    public void close() {
        server.close();
    }
}
