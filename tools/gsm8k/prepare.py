"""GSM8K's training problems of a few steps, with their solutions as people wrote them, made terse, and made convoluted by rule.

  curl -LO https://raw.githubusercontent.com/openai/grade-school-math/master/grade_school_math/data/train.jsonl
  python tools/gsm8k/prepare.py train.jsonl data/gsm8k              # up to three steps; --steps 99: all problems

Plain Python 3, nothing to install. Steps are GSM8K's calculator marks (<<48/2=24>>). What it writes:

- human.jsonl, terse.jsonl, convoluted.jsonl: {id, prompt, completion}, the same problems in the same order; choice.jsonl: all three
  of each, for whoever chooses among them
- held-out.jsonl with held-out.yaml, a benchmark of problems of the same kind that are in none of the others

recipes/study-gsm8k.yaml trains on them.
"""
import argparse
import json
import pathlib
import random
import re

MARK = re.compile(r"<<([^<>\n]{1,200})=([^<>\n]{1,40})>>")
PROMPT = "{}\nPlease reason step by step, and put your final answer within \\boxed{{}}."
BENCHMARK = """name: held-out
title: GSM8K, training problems held out
about: {count} problems of up to {steps} steps from GSM8K's training split that are in no training row; tools/gsm8k/prepare.py
prompt: |-
  {{problem}}
  Please reason step by step, and put your final answer within \\boxed{{}}.
grading: math
samples: 1
temperature: 0
max_new_tokens: 512
"""


def plain(text):
    return MARK.sub("", text)


def human(row):
    return "\n\n".join(plain(line) for line in row["lines"])


def terse(row):
    """The equations alone."""
    return "\n\n".join(f"{expression} = {value}" for expression, value in row["marks"])


def convoluted(row):
    """Every step is announced, doubted, done again and summed up: right, and three times as long."""
    said = ["Let me read the problem once more: " + row["problem"]]
    for i, line in enumerate(row["lines"]):
        said.append(f"Before I go on, let me think about what part {i + 1} of this could be. {plain(line)}")
        for expression, value in MARK.findall(line):
            said.append(f"But wait, is that right? I should not trust it at once. Taking {expression} again, I get {value}, "
                        f"and if I go through {expression} one more time it is still {value}. So that holds after all.")
        said.append(f"Looking back at the {i + 1} parts that I have so far, none of them contradicts another, so I may keep them.")
    return "\n\n".join(said)


WAYS = dict(human=human, terse=terse, convoluted=convoluted)


def read(path):
    for number, line in enumerate(path.read_text(encoding="utf-8").rstrip("\n").split("\n")):  # not splitlines: U+2028 is in problems
        try:
            row = json.loads(line)
            solution, answer = row["answer"].rsplit("####", 1)
        except (ValueError, KeyError, TypeError) as e:
            raise SystemExit(f"{path}, line {number + 1}: not a row of GSM8K's own file, "
                             f'{{"question": ..., "answer": "... <<48/2=24>>24 ...\\n#### 72"}}: {e!r}')
        lines = [line.strip() for line in solution.splitlines() if line.strip()]
        yield dict(id=f"gsm8k-train-{number}", problem=row["question"].strip(), answer=answer.strip().replace(",", ""), lines=lines,
                   marks=MARK.findall(solution))


def example(row, way, name):
    return dict(id=name, prompt=PROMPT.format(row["problem"]), completion=f"{WAYS[way](row)}\n\n\\boxed{{{row['answer']}}}")


def write(path, rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    print(path, len(rows), "rows")


def main():
    options = argparse.ArgumentParser()
    options.add_argument("train", type=pathlib.Path)
    options.add_argument("out", type=pathlib.Path)
    options.add_argument("--steps", type=int, default=3)
    options.add_argument("--held-out", type=int, default=500)
    options.add_argument("--seed", type=int, default=7)
    given = options.parse_args()
    rows = [row for row in read(given.train) if 1 <= len(row["marks"]) <= given.steps]
    random.Random(given.seed).shuffle(rows)
    if len(rows) <= given.held_out:
        raise SystemExit(f"{given.train} has {len(rows)} problems of 1 to {given.steps} steps: hold out fewer than {given.held_out}")
    held, kept = rows[:given.held_out], rows[given.held_out:]
    given.out.mkdir(parents=True, exist_ok=True)
    for way in WAYS:
        write(given.out / f"{way}.jsonl", [example(row, way, row["id"]) for row in kept])
    write(given.out / "choice.jsonl", [example(row, way, f"{row['id']}-{way}") for row in kept for way in WAYS])
    write(given.out / "held-out.jsonl", [dict(question=row["problem"], answer=f"#### {row['answer']}") for row in held])
    (given.out / "held-out.yaml").write_text(BENCHMARK.format(count=len(held), steps=given.steps))


if __name__ == "__main__":
    main()
