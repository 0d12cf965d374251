package cogent.train.rows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;

/** How many rows make one optimiser step. Batches are a function of seed and epoch alone, so resuming needs no state. */
public sealed interface BatchSize {
    /** A fixed number of rows; the last batch of an epoch may be smaller. */
    record Rows(int rows) implements BatchSize {
        public Rows {
            if (rows < 1) {
                throw new IllegalArgumentException("a batch needs at least one row, not " + rows);
            }
        }
    }

    /** As many rows as fit into a number of tokens, at least one. */
    record Tokens(int tokens) implements BatchSize {
        public Tokens {
            if (tokens < 1) {
                throw new IllegalArgumentException("a batch needs at least one token, not " + tokens);
            }
        }
    }

    /**
     * The batches of an epoch as row numbers: every row once, shuffled by seed and epoch.
     *
     * @param tokens tokens of a row
     */
    default List<int[]> batches(int rows, IntUnaryOperator tokens, long seed, int epoch) {
        int[] order = shuffled(rows, seed, epoch);
        return switch (this) {
            case Rows size -> {
                List<int[]> batches = new ArrayList<>();
                for (int from = 0; from < rows; from += size.rows()) {
                    batches.add(Arrays.copyOfRange(order, from, Math.min(rows, from + size.rows())));
                }
                yield batches;
            }
            case Tokens size -> split(order, tokens, size.tokens());
        };
    }

    /** Cuts a run of rows into consecutive parts of at most so many tokens, a single longer row being a part itself. */
    static List<int[]> split(int[] rows, IntUnaryOperator tokens, int maxTokens) {
        List<int[]> parts = new ArrayList<>();
        int from = 0;
        long held = 0;
        for (int i = 0; i < rows.length; i++) {
            int more = tokens.applyAsInt(rows[i]);
            if (i > from && held + more > maxTokens) {
                parts.add(Arrays.copyOfRange(rows, from, i));
                from = i;
                held = 0;
            }
            held += more;
        }
        if (from < rows.length) {
            parts.add(Arrays.copyOfRange(rows, from, rows.length));
        }
        return parts;
    }

    private static int[] shuffled(int rows, long seed, int epoch) {
        int[] order = new int[rows];
        Arrays.setAll(order, i -> i);
        Random random = new Random(seed * 1_000_003 + epoch);
        for (int i = rows - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        return order;
    }
}
