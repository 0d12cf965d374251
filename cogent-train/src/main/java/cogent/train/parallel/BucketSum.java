package cogent.train.parallel;

import cogent.model.tensor.Ranks;
import java.util.List;

/** How the gradients of some parameters are summed over all ranks: {@link Replicas} or {@link Shards}. */
interface BucketSum {
    /** @param names of parameters whose gradients on this rank are complete */
    Ranks.Pending begin(List<String> names);
}
