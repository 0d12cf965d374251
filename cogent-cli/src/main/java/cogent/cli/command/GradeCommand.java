package cogent.cli.command;

import cogent.eval.GradeFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cogent grade}: the answer checker by itself. */
@Command(
        name = "grade",
        mixinStandardHelpOptions = true,
        description = {
            "judges answers as evaluation does, a line each",
            "{\"gold\", \"prediction\"} → {\"verdict\": \"equal\"|\"different\"|\"unknown\", \"reason\"}, in order"
        })
public final class GradeCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    private Input input;

    /** Given by itself, or by name as the other commands have it. */
    private static final class Input {
        @Parameters(arity = "1", paramLabel = "FILE", description = "JSON Lines; - for standard input")
        private @Nullable Path plain;

        @Option(names = "--input", required = true, paramLabel = "FILE", description = "the same by name")
        private @Nullable Path named;

        Path path() {
            return plain != null ? plain : Objects.requireNonNull(named);
        }
    }

    @Override
    public void run() {
        Path file = input.path();
        if (!file.toString().equals("-")) {
            grade(file);
            return;
        }
        try {
            Path copy = Files.createTempFile("cogent-grade", ".jsonl");
            try {
                Files.copy(System.in, copy, StandardCopyOption.REPLACE_EXISTING);
                grade(copy);
            } finally {
                Files.delete(copy);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("standard input cannot be read", e);
        }
    }

    private void grade(Path file) {
        PrintWriter out = spec.commandLine().getOut();
        GradeFile.run(file, line -> out.println(JsonRows.JSON.writeValueAsString(line)));
        out.flush();
    }
}
