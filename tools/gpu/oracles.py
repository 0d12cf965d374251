"""Oracles on the GPU: python oracles.py FOLDER fp32|bf16 COMMAND...   (COMMAND starts Cogent; FOLDER as tools/oracles makes it)

Each folder in FOLDER is a model with expected.json: log-probabilities of completions, and greedy continuations."""
import json, os, subprocess, sys, tempfile
from concurrent.futures import ThreadPoolExecutor

folder, dtype, command = sys.argv[1], sys.argv[2], sys.argv[3:]
work = tempfile.mkdtemp()


def ask(name, what, rows, *more):
    path = os.path.join(work, f"{name}-{what}.jsonl")
    with open(path, "w") as file:
        file.write("".join(json.dumps(row) + "\n" for row in rows))
    done = subprocess.run([*command, "inspect", what, "--model", os.path.join(folder, name), "--input", path,
                           "--device", "cuda", *more], capture_output=True, text=True)
    return [json.loads(line) for line in done.stdout.splitlines() if line.strip()] or sys.exit(f"{name}: {done.stderr[-400:]}")


def check(name):
    expected = json.load(open(os.path.join(folder, name, "expected.json")))
    pairs = zip(expected["inputs"]["sequences"], expected["inputs"]["prompt_lengths"])
    rows = [{"prompt_ids": ids[:n], "completion_ids": ids[n:]} for ids, n in pairs]
    got = ask(name, "logps", rows, "--dtype", dtype)
    want = expected["expected"]["completion_token_logprobs"]
    off = max(abs(a - b) for g, w in zip(got, want) for a, b in zip(g["token_logps"], w))
    line = f"{name} {dtype}: largest difference {off:.1e}"
    if dtype == "fp32":
        got = ask(name, "generate", [{"prompt_ids": row["prompt_ids"]} for row in rows],
                  "--max-new-tokens", "12", "--temperature", "0", "--ignore-eos")
        line += f"; greedy {sum(g['ids'] == w for g, w in zip(got, expected['expected']['greedy']))} of {len(rows)}"
    return line


names = [n for n in sorted(os.listdir(folder)) if os.path.exists(os.path.join(folder, n, "expected.json")) and not n.startswith("cogpo")]
with ThreadPoolExecutor(4) as pool:
    for line in pool.map(check, names):
        print(line, flush=True)
