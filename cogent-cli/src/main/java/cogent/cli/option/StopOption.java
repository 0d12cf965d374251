package cogent.cli.option;

import cogent.data.InputException;
import java.util.List;
import picocli.CommandLine.Option;

/** Texts that end a reply. */
public final class StopOption {
    @Option(
            names = "--stop",
            paramLabel = "TEXT",
            description = "ends the text before this one appears in it; may be given several times")
    private List<String> stops = List.of();

    public List<String> texts() {
        if (stops.contains("")) {
            throw new InputException("--stop: an empty text would end every reply before it begins");
        }
        return stops;
    }
}
