package cogent.pipeline.study;

import cogent.data.AtomicFile;
import cogent.llm.store.RunLock;
import cogent.pipeline.run.Environment;
import cogent.pipeline.run.Version;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What a study leaves beside its runs, held by one process at a time. */
public final class StudyFiles implements AutoCloseable {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Study study;
    private final RunLock lock;

    private StudyFiles(Study study) {
        this.study = study;
        this.lock = RunLock.take(study.root());
    }

    /** @throws cogent.data.InputException when another process runs this study */
    public static StudyFiles open(Study study) {
        StudyFiles files = new StudyFiles(study);
        files.write("study.yaml", study.text());
        return files;
    }

    /**
     * Gathers what the runs came to and writes {@code study.json} and {@code study.csv}.
     *
     * @param command what has this study again
     */
    public StudyResult write(List<StudyRun> cells, String command) {
        StudyUsage uses = new StudyUsage(study, cells);
        StudyResult data = new StudyResult(
                study.name(),
                Version.NUMBER,
                Instant.now(),
                command,
                study.seeds(),
                (int) cells.stream()
                        .filter(cell -> cell.run().done("evaluate").isPresent())
                        .count(),
                cells.size(),
                study.baseline(),
                new StudyOutcome(study, cells).tables(),
                uses.costs(),
                uses.curves(),
                Environment.of(cells.getFirst().run().directory()),
                study.text());
        write("study.json", JSON.writeValueAsString(StudyJson.of(data)));
        write("study.csv", csv(data));
        return data;
    }

    public Path report() {
        return study.root().resolve("report.html");
    }

    /** @param html the page on what the study came to */
    public void writeReport(String html) {
        write("report.html", html);
    }

    private static String csv(StudyResult data) {
        StringBuilder csv =
                new StringBuilder("benchmark,variant,seed,correct,n,accuracy,mean_tokens,truncated,unstated\n");
        for (StudyResult.Table table : data.tables()) {
            for (StudyResult.Row row : table.rows()) {
                for (StudyResult.Seeded s : row.seeds()) {
                    csv.append(String.format(
                            Locale.ROOT,
                            "%s,%s,%d,%d,%d,%.6f,%.2f,%d,%d%n",
                            quoted(table.benchmark()),
                            quoted(row.variant()),
                            s.seed(),
                            s.correct(),
                            s.n(),
                            s.accuracy(),
                            s.meanTokens(),
                            s.truncated(),
                            s.unstated()));
                }
            }
        }
        return csv.toString();
    }

    /** As in RFC 4180. */
    private static String quoted(String text) {
        return "\"" + text.replace("\"", "\"\"") + "\"";
    }

    private void write(String name, String text) {
        Path file = study.root().resolve(name);
        AtomicFile.write(file, text);
    }

    @Override
    public void close() {
        lock.close();
    }
}
