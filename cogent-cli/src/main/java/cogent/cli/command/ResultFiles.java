package cogent.cli.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Stack;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Takes all files that follow {@code --batch-in}, up to the next option or a recipe: people write the recipe last. */
final class ResultFiles implements IParameterConsumer {
    @Override
    @SuppressWarnings("JdkObsolete") // picocli's own signature
    public void consumeParameters(Stack<String> words, ArgSpec option, CommandSpec command) {
        List<Path> files = new ArrayList<>(option.<List<Path>>getValue());
        int before = files.size();
        while (!words.isEmpty() && !words.peek().startsWith("-") && !isRecipe(words.peek())) {
            files.add(Path.of(words.pop()));
        }
        if (files.size() == before) {
            throw new ParameterException(
                    command.commandLine(),
                    "--batch-in needs a file of results" + found(words) + ", as in --batch-in FILE");
        }
        option.setValue(files);
    }

    private static String found(List<String> words) {
        return words.isEmpty() ? "" : ", and " + words.getLast() + " is none";
    }

    private static boolean isRecipe(String word) {
        return word.toLowerCase(Locale.ROOT).matches(".*\\.ya?ml");
    }
}
