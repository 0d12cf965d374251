package cogent.bench;

import cogent.curate.Curation;
import cogent.curate.PairBuilder;
import cogent.curate.run.CurationRun;
import cogent.data.Problem;
import cogent.data.Rationale;
import cogent.data.RowFormat;
import cogent.data.Sample;
import cogent.llm.ChatModel;
import cogent.llm.ChatReply;
import cogent.llm.ChatRequest;
import cogent.llm.meter.Budget;
import cogent.llm.run.ChatModels;
import cogent.llm.store.RunDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/**
 * What {@code run.db} takes for a corpus of long rationales, against the texts in it, each counted once: {@code StoreBytes ROWS
 * FOLDER}. Half of the rationales, of about 16 000 characters, are kept, half rewritten; each gets wrong rationales of its size.
 */
public final class StoreBytes {
    private static final int STEPS = 300;

    private StoreBytes() {}

    public static void main(String[] arguments) throws IOException {
        int rows = Integer.parseInt(arguments[0]);
        Path folder = Path.of(arguments[1]);
        LongAdder texts = new LongAdder();
        long start = System.nanoTime();
        ChatModel teacher = request -> {
            String reply = reply(request);
            texts.add(reply.length());
            return ChatReply.of("t", reply);
        };
        try (RunDatabase database = RunDatabase.open(folder);
                ChatModels models = new ChatModels(database, Budget.UNLIMITED)) {
            Curation curation = Curation.of(models.connect(teacher, "t"), "0.5B");
            new CurationRun(curation, new PairBuilder(RowFormat.PLAIN), database, "s", 64, () -> false, _ -> {})
                    .run(_ -> IntStream.range(0, rows).mapToObj(row -> sample(row, texts)), rows, folder);
        }
        long bytes = Files.size(folder.resolve("run.db"));
        System.out.printf(
                "%,d rows: run.db %,d bytes, texts %,d bytes, ratio %.3f, %,d s%n",
                rows, bytes, texts.sum(), (double) bytes / texts.sum(), (System.nanoTime() - start) / 1_000_000_000);
    }

    private static Sample sample(int row, LongAdder texts) {
        String text = text(3L * row, 7);
        texts.add(text.length());
        return new Sample(new Problem("p" + row, "Problem " + row + ".", "7"), Rationale.of(text));
    }

    private static String reply(ChatRequest request) {
        String message = request.messages().getFirst().content();
        int at = message.indexOf("Problem ", message.indexOf("=== problem")) + "Problem ".length();
        int row = Integer.parseInt(message.substring(at, message.indexOf('.', at)));
        return switch (request.agent()) {
            case "critic" -> "Label: " + (row % 2 == 0 ? "brief" : "balanced");
            case "rethinker" -> text(3L * row + 1, 7);
            case "distractor" -> "Mistake: calculation\n\n" + text(3L * row + 2 + message.hashCode() * 3L, 8);
            default -> "Reason: it holds\nVerdict: correct";
        };
    }

    private static String text(long seed, int answer) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < STEPS; i++) {
            text.append("Step ")
                    .append(i)
                    .append(" takes ")
                    .append(Long.toString(random.nextLong(), 36))
                    .append(" and ")
                    .append(Long.toString(random.nextLong(), 36))
                    .append(".\n\n");
        }
        return text.append("\\boxed{").append(answer).append('}').toString();
    }
}
