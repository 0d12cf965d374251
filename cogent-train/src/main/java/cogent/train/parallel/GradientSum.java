package cogent.train.parallel;

import cogent.model.tensor.Ranks;
import cogent.model.tensor.Tensor;
import cogent.train.forward.TrainableModel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Sums the gradients of all ranks, bucket by bucket, while backward still computes those of earlier layers. Buckets hold
 * parameters in the order in which backward completes them, the same on all ranks.
 *
 * <pre>{@code
 * sum.begin(parts);
 * for (… part) { … backward(…, sum::layerDone); }
 * sum.finish();
 * adamW.step(…);
 * sum.share();
 * }</pre>
 */
public final class GradientSum implements AutoCloseable {
    /** As large as PyTorch's: smaller ones pay the latency of a message more often, larger ones begin later. */
    static final long BUCKET_BYTES = 25L << 20;

    /** Buckets on their way at once where memory is what sharding is for: more would hold the whole gradient after all. */
    private static final int UNDER_WAY = 4;

    private static final Pattern LAYER = Pattern.compile("\\.layers\\.(\\d+)\\.");

    /** @param layer the last one that completes it; -1: the embedding */
    private record Bucket(List<String> names, int layer) {}

    private final Ranks ranks;
    private final SequencedMap<String, Tensor> parameters;
    private final @Nullable Shards shards;
    private final BucketSum sum;
    private final List<Bucket> buckets;
    private final Queue<Ranks.Pending> pending = new ArrayDeque<>();
    private final int[] passesLeft;
    private int passes;
    /** How often every bucket is summed in this step. */
    private int rounds;
    /** Buckets of all rounds whose sums were begun. */
    private int begun;

    /** @param sharded whether each rank keeps the sums of its own rows only, and moves those */
    public GradientSum(TrainableModel model, Ranks ranks, boolean sharded) {
        this.ranks = ranks;
        parameters = model.parameters();
        shards = sharded && ranks.count() > 1 ? new Shards(model, ranks) : null;
        sum = shards == null ? new Replicas(parameters, ranks) : shards;
        buckets = ranks.count() == 1 ? List.of() : buckets(model);
        passesLeft = new int[model.config().layers() + 1];
    }

    private static List<Bucket> buckets(TrainableModel model) {
        List<String> order = model.parameters().keySet().stream()
                .sorted(Comparator.comparingInt((String name) -> layer(model, name))
                        .reversed())
                .toList();
        List<Bucket> buckets = new ArrayList<>();
        List<String> names = new ArrayList<>();
        long bytes = 0;
        for (String name : order) {
            names.add(name);
            bytes += Objects.requireNonNull(model.parameters().get(name)).nbytes();
            if (bytes >= BUCKET_BYTES || name.equals(order.getLast())) {
                buckets.add(new Bucket(List.copyOf(names), layer(model, name)));
                names.clear();
                bytes = 0;
            }
        }
        return buckets;
    }

    /** The layer after which a parameter's gradient is complete; the output matrix and the last norm come before all. */
    private static int layer(TrainableModel model, String name) {
        Matcher layer = LAYER.matcher(name);
        if (layer.find()) {
            return Integer.parseInt(layer.group(1));
        }
        return model.parameters().get(name) == model.decoder().embedding()
                ? -1
                : model.config().layers() - 1;
    }

    /** What this rank's optimiser moves: all parameters, or its rows of them. */
    public SequencedMap<String, Tensor> moved() {
        return shards == null ? parameters : shards.own();
    }

    /** Whether {@link #moved()} are rows. */
    public boolean isSharded() {
        return shards != null;
    }

    /**
     * Begins a step. Whole gradients gather what all passes add and are summed once; where a rank keeps its rows only, all
     * ranks sum after every pass, those without rows left too.
     *
     * @param passes backward passes to come on this rank until the gradients are complete
     */
    public void begin(int passes) {
        this.passes = passes;
        begun = 0;
        Arrays.fill(passesLeft, passes);
        rounds = 1;
        if (shards != null) {
            shards.clear();
            double[] all = new double[ranks.count()];
            all[ranks.rank()] = passes;
            rounds = (int) Arrays.stream(ranks.sum(all)).max().orElse(1);
        }
    }

    /** A pass has added its part to the gradients of this layer and of all behind it; -1: of the embedding too. */
    public void layerDone(int layer) {
        int left = --passesLeft[layer + 1];
        int done = shards != null ? passes - left : left == 0 ? 1 : 0;
        while (begun < done * buckets.size() && next().layer() >= layer) {
            beginNext();
        }
    }

    /** Waits until the gradients are those of all ranks. */
    public void finish() {
        while (begun < rounds * buckets.size()) { // this rank had fewer rows, or none
            beginNext();
        }
        while (!pending.isEmpty()) {
            pending.remove().await();
        }
    }

    private Bucket next() {
        return buckets.get(begun % buckets.size());
    }

    private void beginNext() {
        if (shards != null && pending.size() == UNDER_WAY) {
            pending.remove().await();
        }
        pending.add(sum.begin(next().names()));
        begun++;
    }

    /** @param ownNorm the L2 norm of the gradients of {@link #moved()}; that of the whole gradient is returned */
    public double norm(double ownNorm) {
        return shards == null ? ownNorm : Math.sqrt(ranks.sum(ownNorm * ownNorm)[0]);
    }

    /** Gives all ranks what each has moved. */
    public void share() {
        if (shards != null) {
            buckets.forEach(bucket -> shards.gather(bucket.names()));
        }
    }

    @Override
    public void close() {
        if (shards != null) {
            shards.close();
        }
    }
}
