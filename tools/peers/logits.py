"""What transformers and PEFT make of what Cogent wrote: logits.py BASE MERGED ADAPTER IDS

Prints greedy tokens of MERGED after IDS, and the largest difference of a logit between MERGED and BASE with ADAPTER.
"""
import json
import sys

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM

base, merged, adapter, ids = sys.argv[1], sys.argv[2], sys.argv[3], json.loads(sys.argv[4])
torch.set_num_threads(1)


def load(directory):
    return AutoModelForCausalLM.from_pretrained(directory, dtype=torch.float32, attn_implementation="eager").eval()


with torch.no_grad():
    ours, theirs = load(merged), PeftModel.from_pretrained(load(base), adapter).eval()
    off = (ours(torch.tensor([ids])).logits - theirs(torch.tensor([ids])).logits).abs().max().item()
    moved = (ours(torch.tensor([ids])).logits - load(base)(torch.tensor([ids])).logits).abs().max().item()
    greedy = list(ids)
    for _ in range(12):
        greedy.append(ours(torch.tensor([greedy])).logits[0, -1].argmax().item())
print(json.dumps({"greedy": greedy[len(ids):], "difference": off, "moved": moved}))
