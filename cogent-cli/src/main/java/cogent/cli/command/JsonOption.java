package cogent.cli.command;

import picocli.CommandLine.Option;

/** The wish for JSON in place of a text for people. */
final class JsonOption {
    @Option(names = "--json", description = "write JSON, for programs")
    private boolean asked;

    boolean asked() {
        return asked;
    }
}
