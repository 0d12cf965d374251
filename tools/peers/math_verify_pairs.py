"""Math-Verify's verdicts: math_verify_pairs.py PAIRS.jsonl   rows with gold and answer, both bare"""
import json
import sys

from math_verify import parse, verify


def equal(gold, answer):
    return bool(verify(parse(f"\\boxed{{{gold}}}"), parse(f"\\boxed{{{answer}}}")))


rows = [json.loads(line) for line in open(sys.argv[1])]
print(json.dumps([equal(row["gold"], row["answer"]) for row in rows]))
