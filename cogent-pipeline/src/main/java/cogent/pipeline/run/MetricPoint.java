package cogent.pipeline.run;

/** One logged value of a training: not finite when the training computed it so. */
public record MetricPoint(long step, double value) {
    public boolean isFinite() {
        return Double.isFinite(value);
    }
}
