# Two equal trainings on the GPU, one of them killed and continued: their weights must be the same bytes.  bash resume.sh   (after unpack.sh's folder)
. ./unpack.sh
work=$(mktemp -d)
for run in whole killed; do
  cat >"$work/$run.yaml" <<RECIPE
runs: $work
corpus: {path: playground}
student: {model: playground, device: cuda, deterministic: true}
teacher: {url: playground}
playground: {problems: 600, held_out: 20}
format: {prompt: "{problem}", completion: "{rationale}"}
sft: {max_steps: 600, batch_size: 16, learning_rate: 1.0e-3, checkpoint_steps: 50, dtype: bf16}
align: {max_steps: 20, dtype: bf16}
RECIPE
done
cogent run "$work/whole.yaml" >"$work/whole.log" 2>&1
"$G/jre/bin/java" $flags -cp "$CP" cogent.cli.Main run "$work/killed.yaml" >"$work/killed.log" 2>&1 &
until ls -d "$work"/killed/checkpoints/sft/step-0000025? >/dev/null 2>&1 || ! kill -0 $!; do sleep 0.1; done
kill -9 $!
wait $! || true
cogent run "$work/killed.yaml" >>"$work/killed.log" 2>&1
sha256sum "$work"/*/models/*/model.safetensors
grep -h repeats "$work"/*/stages/*.json
