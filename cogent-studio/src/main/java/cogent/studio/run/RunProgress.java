package cogent.studio.run;

import cogent.curate.run.SampleList;
import cogent.data.Count;
import cogent.pipeline.run.RunDirectory;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How far a stage that is not done has come, as its files tell whoever is not its process. */
final class RunProgress {
    private static final Pattern STEP = Pattern.compile("\"step\"\\s*:\\s*(\\d+)");
    private static final int TAIL = 4096;

    private RunProgress() {}

    /** In a few words; empty before it began. */
    static String of(RunDirectory run, String stage) {
        if (stage.equals("curate") && run.isBegun()) {
            long samples = SampleList.size(run.root());
            long unanswered = samples == 0 ? 0 : SampleList.unanswered(run.root());
            return samples == 0
                    ? ""
                    : Count.of(samples, "sample") + " looked at so far"
                            + (unanswered == 0 ? "" : ", %,d of them not answered yet".formatted(unanswered));
        }
        long step = lastStep(run.metrics(stage));
        return step == 0 ? "" : Count.of(step, "step") + " so far";
    }

    private static long lastStep(Path metrics) {
        if (!Files.exists(metrics)) {
            return 0;
        }
        try (RandomAccessFile file = new RandomAccessFile(metrics.toFile(), "r")) {
            byte[] tail = new byte[(int) Math.min(TAIL, file.length())];
            file.seek(file.length() - tail.length);
            file.readFully(tail);
            long step = 0;
            for (Matcher found = STEP.matcher(new String(tail, StandardCharsets.UTF_8)); found.find(); ) {
                step = Long.parseLong(found.group(1));
            }
            return step;
        } catch (IOException e) {
            return 0; // cut or replaced this moment: the next look tells
        }
    }
}
