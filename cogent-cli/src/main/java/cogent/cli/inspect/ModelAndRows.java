package cogent.cli.inspect;

import cogent.cli.hub.ModelName;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The model that is asked, and the rows that are asked of it. */
final class ModelAndRows {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--model", required = true, paramLabel = "MODEL", description = ModelName.WHAT)
    private ModelName named;

    @Option(names = "--input", required = true, paramLabel = "FILE", description = "JSON Lines; - for standard input")
    private Path rows;

    Path model() {
        return named.directory(spec);
    }

    Path rows() {
        return rows;
    }
}
