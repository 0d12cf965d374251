package cogent.studio;

import cogent.pipeline.run.RunDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** One studio, over a folder with the run {@code quickstart}, and one browser, for all tests that look at pages in Chromium. */
record OpenStudio(Path runs, Studio studio, Chromium chromium) implements AutoCloseable {
    private static @Nullable OpenStudio shared;

    /** Opened by the first who asks; closed with the process. */
    static synchronized OpenStudio shared() throws Exception {
        OpenStudio open = shared;
        if (open == null) {
            Chromium chromium = Chromium.launch();
            Path runs = Files.createTempDirectory("studio");
            RunFixture.done(runs, "quickstart", "corpus: {path: playground}");
            open = new OpenStudio(runs, Studio.start(runs, 0), chromium);
            Runtime.getRuntime().addShutdownHook(new Thread(open::close));
            shared = open;
        }
        return open;
    }

    @Override
    public void close() {
        studio.close();
        RunDirectory.delete(runs);
        chromium.close();
    }
}
