#!/usr/bin/env bash
# Whether two checkouts of Cogent make the same bytes: four runs by each, their outputs compared by SHA-256.
#   scripts/same-bytes.sh OLD NEW [WORK]     OLD, NEW: checkouts; WORK: where the runs go (a temporary folder)
# The runs: the quickstart, the same rows as rows of one's own with LoRA, and curations over HTTP against the mechanical
# and the rule-based model. Floating point makes the bytes of weights depend on the machine: run both on the same one, quiet.
set -euo pipefail
old=$(cd "$1" && pwd) new=$(cd "$2" && pwd)
work=${3:-$(mktemp -d)}
mkdir -p "$work"
work=$(cd "$work" && pwd)

recipes() { # into the folder $1, beside the quickstart's run
  cat >"$1/rows.yaml" <<EOF
name: rows
runs: runs
student: {model: playground}
playground: {problems: 400, held_out: 100}
format: {prompt: "{problem}", completion: "{rationale}"}
sft: {rows: runs/quickstart/sft.jsonl, max_steps: 40, batch_size: 32, learning_rate: 3.0e-3, lora: {rank: 8}}
align: {rows: runs/quickstart/preferences.jsonl, max_steps: 10, batch_size: 16, learning_rate: 1.0e-4, lora: {rank: 8}}
evaluate: {benchmarks: [playground], models: [sft, ALIGNED], temperature: 0, max_new_tokens: 100}
EOF
  for model in mechanical-editing playground-rules; do
    cat >"$1/$model.yaml" <<EOF
name: $model
runs: runs
corpus: {path: runs/quickstart/playground/corpus.jsonl, limit: 400}
student: {model: playground}
teacher: {url: "http://127.0.0.1:PORT/v1", model: $model, concurrency: 16, seed: 1}
EOF
  done
}

make() { # the runs of checkout $1 in folder $2
  mkdir -p "$2"
  (
    cd "$2"
    [ -f done ] && exit 0
    aligned=aligned
    grep -q 'models: .*cogpo' "$1/recipes/quickstart.yaml" && aligned=cogpo
    recipes .
    sed -i "s/ALIGNED/$aligned/" rows.yaml
    "$1/cogent" run "$1/recipes/quickstart.yaml"
    "$1/cogent" run rows.yaml
    for model in mechanical-editing playground-rules; do
      "$1/cogent" serve $model --port 0 >served 2>&1 &
      server=$!
      until port=$(grep -o 'http://127.0.0.1:[0-9]*' served | grep -o '[0-9]*$'); do sleep 0.2; done
      sed -i "s/PORT/$port/" $model.yaml
      "$1/cogent" curate $model.yaml
      kill $server
    done
    touch done
  ) >&2
}

# An answer's key names the model's directory, which may have another name; metrics hold times.
hashes() { # of what the runs in folder $1 came to
  cd "$1/runs"
  find . -type f \( -name sft.jsonl -o -name preferences.jsonl -o -name 'refused*.jsonl' -o -path '*/models/*.safetensors' \
    -o -path '*/evaluation/*.jsonl' \) -not -path '*/metrics/*' -not -path '*/checkpoints/*' | sort |
    while read -r file; do
      printf '%s  %s\n' "$(sed 's/^{"key":"[0-9a-f]*",/{/' "$file" | sha256sum | cut -d ' ' -f 1)" "$file"
    done | sed 's/cogpo/aligned/' | sort -k 2
}

make "$old" "$work/old"
make "$new" "$work/new"
(hashes "$work/old") >"$work/old.sha256"
(hashes "$work/new") >"$work/new.sha256"
if diff "$work/old.sha256" "$work/new.sha256"; then
  echo "the same bytes: $(wc -l <"$work/new.sha256") files (in $work)"
else
  echo "not the same bytes, see above (in $work)" >&2
  exit 1
fi
