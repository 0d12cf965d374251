package cogent.playground;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A task told in words, such as <i>Mia has 47 pears. She finds 38 more. Then she sells 19. How many pears does she have
 * now?</i> The text says everything: {@link #read} gets the task back from it.
 *
 * @param verbs the deed of each step; with the numbers it is the story's identity, names and things are decoration
 */
record Story(String name, String thing, Task task, List<Verb> verbs) {
    /** What happens in a step, and so which operation it is. */
    enum Verb {
        FINDS(Op.ADD, "finds", " more"),
        BUYS(Op.ADD, "buys", " more"),
        WINS(Op.ADD, "wins", " more"),
        LOSES(Op.SUBTRACT, "loses", ""),
        SELLS(Op.SUBTRACT, "sells", ""),
        USES(Op.SUBTRACT, "uses", ""),
        TRADES(Op.MULTIPLY, "trades them for", " times as many"),
        GETS(Op.MULTIPLY, "is given", " times as many instead");

        final Op op;
        final String before;
        final String after;

        Verb(Op op, String before, String after) {
            this.op = op;
            this.before = before;
            this.after = after;
        }

        static List<Verb> of(Op op) {
            return List.of(values()).stream().filter(v -> v.op == op).toList();
        }
    }

    static final List<String> SHE = List.of("Ada", "Eve", "Ida", "Mia", "Zoe", "Ann");
    static final List<String> HE = List.of("Ben", "Leo", "Max", "Sam", "Tom", "Dan");
    static final List<String> THINGS =
            List.of("pears", "coins", "books", "pens", "eggs", "cards", "shells", "stamps", "nuts", "beads");

    private static final Pattern TEXT = Pattern.compile("([A-Z][a-z]+) has (\\d{1,6}) ([a-z]+)\\."
            + "((?: (?:She|He|Then she|Then he) [a-z ]+ \\d{1,6}[a-z ]*\\.)+)"
            + " How many ([a-z]+) does (she|he) have now\\?");
    private static final Pattern DEED = Pattern.compile(" (?:Then )?(?:[Ss]?[Hh]e) ([a-z ]+) (\\d+)([a-z ]*)\\.");

    Story {
        verbs = List.copyOf(verbs);
    }

    /** Clothes a task in words. */
    static Story of(Task task, RandomGenerator random) {
        List<String> names = random.nextBoolean() ? SHE : HE;
        List<Verb> verbs = task.steps().stream()
                .map(step -> pick(Verb.of(step.op()), random))
                .toList();
        return new Story(pick(names, random), pick(THINGS, random), task, verbs);
    }

    String text() {
        String pronoun = SHE.contains(name) ? "she" : "he";
        StringBuilder text = new StringBuilder()
                .append(name)
                .append(" has ")
                .append(task.start())
                .append(' ')
                .append(thing)
                .append('.');
        for (int i = 0; i < verbs.size(); i++) {
            text.append(i == 0 ? (pronoun.equals("she") ? " She " : " He ") : " Then " + pronoun + " ")
                    .append(verbs.get(i).before)
                    .append(' ')
                    .append(task.steps().get(i).by())
                    .append(verbs.get(i).after)
                    .append('.');
        }
        return text.append(" How many ")
                .append(thing)
                .append(" does ")
                .append(pronoun)
                .append(" have now?")
                .toString();
    }

    /** The task in a text of this world; empty when the text is not one. */
    static Optional<Task> read(String text) {
        Matcher story = TEXT.matcher(text.strip());
        if (!story.matches() || !story.group(3).equals(story.group(5))) {
            return Optional.empty();
        }
        List<Task.Step> steps = new ArrayList<>();
        Matcher deed = DEED.matcher(story.group(4));
        while (deed.find()) {
            Optional<Verb> verb = List.of(Verb.values()).stream()
                    .filter(v -> v.before.equals(deed.group(1)) && v.after.equals(deed.group(3)))
                    .findFirst();
            if (verb.isEmpty()) {
                return Optional.empty();
            }
            steps.add(new Task.Step(verb.get().op, Integer.parseInt(deed.group(2))));
        }
        return Optional.of(new Task(Integer.parseInt(story.group(2)), steps));
    }

    /**
     * The side of the fence this story stands on, decided by its numbers and deeds alone: one of eight such stories is
     * kept for evaluation, whatever the seed, the name or the thing.
     */
    boolean heldOut() {
        long key = task.start();
        for (int i = 0; i < verbs.size(); i++) {
            key = Seeds.mix(key + Seeds.of(verbs.get(i).before))
                    + task.steps().get(i).by();
        }
        return Seeds.mix(key) >>> 61 == 0;
    }

    private static <T> T pick(List<T> from, RandomGenerator random) {
        return from.get(random.nextInt(from.size()));
    }
}
