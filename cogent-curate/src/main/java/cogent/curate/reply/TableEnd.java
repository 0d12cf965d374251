package cogent.curate.reply;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A decision in a Markdown table at the end of a reply: a row {@code | Label | brief |}, or a column of that name. */
final class TableEnd {
    private TableEnd() {}

    /** Empty where the text ends in no table that tells the choice, or in one of several rows under its name. */
    static Optional<Ending> find(String text, Choice<?> choice) {
        List<String> lines = text.lines().map(String::strip).toList();
        int first = lines.size();
        while (first > 0 && lines.get(first - 1).startsWith("|")) {
            first--;
        }
        List<List<String>> rows =
                lines.subList(first, lines.size()).stream().map(TableEnd::cells).toList();
        if (rows.isEmpty()) {
            return Optional.empty();
        }
        String before = String.join("\n", lines.subList(0, first));
        List<String> last = rows.getLast();
        if (last.size() > 1 && choice.isName(last.getFirst())) {
            return Optional.of(new Ending(last.getFirst() + ": " + last.get(1), before));
        }
        List<String> header = rows.getFirst();
        for (int column = 0; rows.size() == 3 && column < Math.min(header.size(), last.size()); column++) {
            if (choice.isName(header.get(column))) {
                return Optional.of(new Ending(header.get(column) + ": " + last.get(column), before));
            }
        }
        return Optional.empty();
    }

    private static List<String> cells(String row) {
        return Arrays.stream(row.replaceAll("^\\||\\|$", "").split("\\|"))
                .map(Plain::decision)
                .toList();
    }
}
