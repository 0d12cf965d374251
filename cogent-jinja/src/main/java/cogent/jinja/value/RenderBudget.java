package cogent.jinja.value;

import java.util.List;
import java.util.function.Supplier;

/**
 * What one rendering may take, so that no template hangs or exhausts the JVM. Far above what a real conversation needs:
 * a template takes about a thousand steps a message and copies a message's text a few times.
 */
public final class RenderBudget {
    private static final long MOST_WORK = 10_000_000;
    private static final long MOST_CHARACTERS = 100_000_000;
    private static final ScopedValue<RenderBudget> CURRENT = ScopedValue.newInstance();

    private long work;
    private long characters;

    private RenderBudget() {}

    /** Runs a rendering on a budget of its own; all counting below must happen in one. */
    public static <T> T granted(Supplier<T> rendering) {
        return ScopedValue.where(CURRENT, new RenderBudget()).call(rendering::get);
    }

    /** Counts steps: an expression, a statement, an item of a list. */
    public static void work(long steps) {
        RenderBudget budget = CURRENT.get();
        budget.work += steps;
        if (budget.work > MOST_WORK) {
            throw new TemplateException("the template does not come to an end: more than " + MOST_WORK + " steps");
        }
    }

    /** A copy of a list takes as many steps as it has items. */
    public static List<Object> counted(List<Object> items) {
        work(items.size());
        return items;
    }

    /** Counts characters before they are made. */
    public static void characters(long count) {
        RenderBudget budget = CURRENT.get();
        budget.characters += count;
        if (budget.characters > MOST_CHARACTERS) {
            throw new TemplateException("the template makes more than " + MOST_CHARACTERS + " characters of text");
        }
    }

    /** Counts a text that was made. */
    public static String text(String text) {
        characters(text.length());
        return text;
    }

    /** {@code text.repeat(times)}, counted before. */
    public static String repeat(String text, int times) {
        characters((long) text.length() * Math.max(0, times));
        return text.repeat(Math.max(0, times));
    }

    /** Counts the search for a text in another: what the naive way takes at worst, a long word of it a step. */
    public static void search(String text, String sought) {
        work(1 + (long) text.length() * (16 + sought.length() / 16) / 256);
    }
}
