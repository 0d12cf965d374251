package cogent.pipeline.plan;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * What a stage will take, or took.
 *
 * @param work what there is to do, or what came of it
 * @param numbers by name, as far as they can be told: {@code rows}, {@code calls}, {@code tokens_in}, {@code tokens_out},
 *     {@code cost}, {@code steps}, {@code tokens}, {@code tokens_per_second}, {@code memory_bytes}, {@code memory_bytes_of_8} (of each of
 *     8 processes with shard_optimiser), {@code gpu_bytes} (that there are), {@code seconds}
 * @param basis what the time rests on: {@code measured}, or {@code assumed: } and what; empty where there is none, or it is the past's
 */
public record Estimate(String work, SequencedMap<String, Number> numbers, String basis) {
    private static final String MEASURED = "measured";

    /** What the JVM and libtorch take beside a model; measured with models of 0.8 M and 135 M parameters. */
    static final double PROCESS_BYTES = 0.5 * (1L << 30);

    static Estimate of(String work) {
        return new Estimate(work, new LinkedHashMap<>(), "");
    }

    Estimate with(String name, double number) {
        SequencedMap<String, Number> more = new LinkedHashMap<>(numbers);
        more.put(name, number == Math.rint(number) || number >= 1e3 ? (Number) Math.round(number) : number);
        return new Estimate(work, more, basis);
    }

    /** The time is that of work of this kind, done here. */
    Estimate measured() {
        return new Estimate(work, numbers, basis.isEmpty() ? MEASURED : basis);
    }

    /** The time, or a part of it, rests on a guess. */
    Estimate assuming(String what) {
        return new Estimate(work, numbers, "assumed: " + what);
    }
}
