package cogent.bench;

import cogent.model.decoder.LanguageModel;
import cogent.model.generate.Generation;
import cogent.model.generate.Generator;
import java.util.List;

/**
 * How long texts that are written together took.
 *
 * @param first seconds until every text had its first token
 * @param all seconds until all were done
 */
record TimedGeneration(double first, double all) {
    static TimedGeneration of(LanguageModel model, List<Generation> requests) {
        double[] first = new double[1];
        long start = System.nanoTime();
        new Generator(model.decoder(), requests.size())
                .generate(
                        requests.iterator(),
                        new Generation.Listener() {
                            private int heard;

                            @Override
                            public boolean token(int request, int id) {
                                if (++heard == requests.size()) {
                                    first[0] = (System.nanoTime() - start) / 1e9;
                                }
                                return true;
                            }
                        },
                        () -> false);
        return new TimedGeneration(first[0], (System.nanoTime() - start) / 1e9);
    }

    /** Seconds from the first token of the last text to the end. */
    double afterFirst() {
        return all - first;
    }
}
