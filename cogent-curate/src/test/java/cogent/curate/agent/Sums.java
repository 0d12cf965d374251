package cogent.curate.agent;

import cogent.data.Problem;
import cogent.data.Rationale;
import cogent.data.Sample;
import cogent.llm.ChatModel;
import cogent.llm.ChatReply;
import cogent.llm.ChatReply.Finish;
import cogent.llm.ChatRequest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A corpus of sums, and a chat model that plays all agents on them: every reply is a function of the request. */
public final class Sums implements ChatModel {
    private static final Pattern SUM = Pattern.compile("What is (\\d+) plus (\\d+)\\?");

    public static Stream<Sample> corpus(int samples) {
        return IntStream.range(0, samples).mapToObj(Sums::sample);
    }

    public static Sample sample(int i) {
        int a = 10 + i % 89;
        int b = 7 + i;
        return new Sample(
                new Problem("s-" + i, "What is " + a + " plus " + b + "?", String.valueOf(a + b)),
                Rationale.of("It makes " + (a + b) + ".\n\n\\boxed{" + (a + b) + "}"));
    }

    @Override
    public ChatReply chat(ChatRequest request) {
        String message = request.messages().getFirst().content();
        Matcher sum = SUM.matcher(message);
        if (!sum.find()) {
            throw new AssertionError(message);
        }
        int a = Integer.parseInt(sum.group(1));
        int b = Integer.parseInt(sum.group(2));
        int dice = Math.floorMod((message + request.sample()).hashCode(), 10);
        String text = switch (request.agent()) {
            case "critic" ->
                dice == 0 ? "Hm." : "Label: " + (b % 3 == 0 ? "brief" : b % 3 == 1 ? "balanced" : "complex");
            case "rethinker" -> work(a, b, dice < 4 ? 1 : 0);
            case "verifier" -> "Reason: looked at it\nVerdict: " + (dice < 2 ? "incorrect" : "correct");
            case "distractor" ->
                message.contains("It makes ") && !message.contains("Add the")
                        ? "It makes " + (a + b + 10) + ".\n\n\\boxed{" + (a + b + 10) + "}"
                        : work(a, b, 10);
            default -> throw new AssertionError(request.agent());
        };
        return Scripted.reply(text, Finish.STOP);
    }

    private static String work(int a, int b, int slip) {
        int sum = a + b + slip;
        return "Add the two numbers.\n\n" + a + " + " + b + " = " + sum + ".\n\n\\boxed{" + sum + "}";
    }
}
