# All figures of docs/performance.md's GPU table, Cogent beside PyTorch, in about six minutes:  bash measure.sh   (in the folder of the pieces)
# Logs go to $OUT.
. ./unpack.sh
OUT=${OUT:-.}
export PYTHONUNBUFFERED=1
java() { timeout "${T:-120}" "$G/jre/bin/java" $flags -cp "$CP" "$@"; }
{
  nvidia-smi --query-gpu=name,driver_version --format=csv,noheader
  T=40 java cogent.bench.GpuCheck
  T=100 gpuspeed peak sft cogpo real sft-1.5b lora-1.5b
  timeout 80 python3 torch_step.py sft cogpo real sft-1.5b
  T=80 java cogent.bench.DecodeSpeed cuda bf16
  timeout 60 python3 torch_step.py decode
  T=90 gpuspeed deterministic sft-tf32 sft-fp32
  timeout 40 python3 torch_step.py peak sft-fp32
  [ ! -d oracles ] || for dtype in fp32 bf16; do
    timeout 40 python3 oracles.py oracles $dtype "$G/jre/bin/java" $flags -cp "$CP" cogent.cli.Main
  done
} 2>&1 | tee "$OUT/measured.log"
