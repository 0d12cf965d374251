package cogent.curate.agent;

import cogent.data.Problem;
import cogent.data.Rationale;
import cogent.data.Sample;

/** One problem with rationales of all kinds, for the tests. */
public final class Shoes {
    public static final Problem PROBLEM = new Problem(
            "q-1", "Ellie has 8 pairs of shoes. Riley has 3 pairs fewer. How many pairs do they have together?", "13");
    public static final Rationale TERSE = Rationale.of("8 and 5 make 13.\n\n\\boxed{13}");
    public static final Sample SAMPLE = new Sample(PROBLEM, TERSE);
    public static final String BALANCED = """
            Ellie has 8 pairs of shoes.

            Riley has 3 pairs fewer: 8 - 3 = 5.

            Together they have 8 + 5 = 13 pairs.

            The answer is \\boxed{13}.""";
    public static final String OTHER_BALANCED = """
            Start with Ellie: 8 pairs.

            Riley owns 8 - 3 = 5 pairs.

            The sum is 8 + 5 = 13.

            So the answer is \\boxed{13}.""";
    public static final String WRONG = """
            Ellie has 8 pairs of shoes.

            Riley has 3 pairs more: 8 + 3 = 11.

            Together they have 8 + 11 = 19 pairs.

            The answer is \\boxed{19}.""";
    public static final String WRONG_TERSE = "8 and 11 make 19.\n\n\\boxed{19}";

    private Shoes() {}
}
