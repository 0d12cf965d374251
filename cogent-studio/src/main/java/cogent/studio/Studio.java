package cogent.studio;

import cogent.studio.chat.ChatPage;
import cogent.studio.chat.LoadedModels;
import cogent.studio.http.Assets;
import cogent.studio.http.Route;
import cogent.studio.http.StudioServer;
import cogent.studio.job.Jobs;
import cogent.studio.result.ResultsPage;
import cogent.studio.run.RunFolder;
import cogent.studio.run.RunPage;
import cogent.studio.run.RunsPage;
import cogent.studio.sample.CallsPage;
import cogent.studio.sample.RowsExport;
import cogent.studio.sample.SamplePage;
import cogent.studio.sample.SamplesPage;
import cogent.studio.start.StartPage;
import cogent.studio.token.StudentScores;
import cogent.studio.token.TokensPage;
import cogent.studio.training.ComparePage;
import cogent.studio.training.Curves;
import cogent.studio.training.TrainingPage;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** The pages over a folder of runs, served to this machine. */
public final class Studio implements AutoCloseable {
    private final StudioServer server;
    private final Jobs jobs;
    private final LoadedModels models;
    private final StudentScores scores;

    private Studio(StudioServer server, Jobs jobs, LoadedModels models, StudentScores scores) {
        this.server = server;
        this.jobs = jobs;
        this.models = models;
        this.scores = scores;
    }

    /**
     * @param runs the folder that runs lie in; it may not be there yet
     * @param port 0: any free one
     * @throws cogent.data.InputException when the port cannot be had
     */
    public static Studio start(Path runs, int port) {
        RunFolder folder = new RunFolder(runs);
        Jobs jobs = new Jobs();
        LoadedModels models = new LoadedModels();
        StudentScores scores = new StudentScores();
        RunPage run = new RunPage(folder, jobs);
        StartPage begin = new StartPage(folder, jobs);
        ChatPage chat = new ChatPage(folder, models);
        SamplePage sample = new SamplePage(folder);
        RowsExport rows = new RowsExport(folder);
        Curves curves = new Curves(folder);
        StudioServer server = StudioServer.start(
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
                        Route.get("/run/{run}/sample/{sample}/tokens", new TokensPage(folder, scores)::answer),
                        Route.get("/run/{run}/training", new TrainingPage(folder)::answer),
                        Route.get("/curves.json", curves::json),
                        Route.get("/curves.csv", curves::csv),
                        Route.get("/curves.svg", curves::svg),
                        Route.get("/compare", new ComparePage(folder)::answer),
                        Route.get("/run/{run}/results", new ResultsPage(folder)::answer),
                        Route.post("/run/{run}/continue", run::again),
                        Route.post("/run/{run}/stop", run::stop),
                        Route.get("/start", begin::answer),
                        Route.post("/start", begin::submit),
                        Route.get("/run/{run}/chat", chat::answer),
                        Route.post("/run/{run}/chat", chat::ask)));
        return new Studio(server, jobs, models, scores);
    }

    /** What to open in a browser; it holds the key, and is nobody else's business. */
    public URI address() {
        return server.address();
    }

    /** Ends; a run of this process is stopped first, with everything so far saved. */
    @Override
    public void close() {
        jobs.close();
        server.close();
        models.close();
        scores.close();
    }
}
