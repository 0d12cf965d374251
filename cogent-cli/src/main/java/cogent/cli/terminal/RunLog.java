package cogent.cli.terminal;

import cogent.data.InputException;
import cogent.pipeline.run.PipelineEvent;
import cogent.pipeline.run.PipelineListener;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Everything that a run tells, a line each behind its time, whatever the terminal has room for; a run that is continued goes
 * on in the same file.
 *
 * @param next is told too
 */
public record RunLog(Path file, PipelineListener next) implements PipelineListener {
    @Override
    public void on(PipelineEvent event) {
        append(event.toString());
        next.on(event);
    }

    /** The failure that ends a run, with its stack trace. */
    public void failed(Throwable failure) {
        var trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        append(trace.toString().strip());
    }

    private void append(String what) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(
                    file,
                    Instant.now().truncatedTo(ChronoUnit.MILLIS) + " " + what + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new InputException(file + ": cannot be written (" + InputException.reason(e) + ")", e);
        }
    }
}
