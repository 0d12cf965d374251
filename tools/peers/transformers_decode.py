"""Decoding in transformers, beside cogent.bench.DecodeSpeed: the same prompts, the same batches.

    pip install torch transformers
    python transformers_decode.py MODEL [cpu|cuda] [f32|bf16] [batch ...]
"""

import sys
import time

import torch
from transformers import AutoModelForCausalLM

PROMPT = 64
MOST = 150_000


def step(model, ids, tokens, **sampling):
    """Seconds of a step, by the difference of two lengths."""
    taken = []
    for n in (2, 2 + tokens):
        if ids.is_cuda:
            torch.cuda.synchronize()
        begun = time.perf_counter()
        model.generate(ids, attention_mask=torch.ones_like(ids), min_new_tokens=n, max_new_tokens=n, pad_token_id=0, **sampling)
        if ids.is_cuda:
            torch.cuda.synchronize()
        taken.append(time.perf_counter() - begun)
    return (taken[1] - taken[0]) / tokens


def main(path, device="cpu", dtype="f32", *batches):
    model = AutoModelForCausalLM.from_pretrained(path, dtype={"f32": torch.float32, "bf16": torch.bfloat16}[dtype])
    model = model.to(device).eval()
    most = min(model.config.vocab_size, MOST)
    tokens = 32 if device == "cpu" else 64
    for batch in map(int, batches or (("1", "32") if device == "cpu" else ("1", "32", "256"))):
        ids = torch.tensor([[(1 + 37 * i + 101 * row) % most for i in range(PROMPT)] for row in range(batch)], device=device)
        ways = {"greedy": {"do_sample": False}, "temperature 1": {"do_sample": True, "top_k": 0}, "top-p 0.95": {"do_sample": True, "top_k": 0, "top_p": 0.95}}
        for title, sampling in ways.items():
            step(model, ids, 8, **sampling)
            times = sorted(step(model, ids, tokens, **sampling) for _ in range(3))
            print(f"transformers batch {batch:3d}   {title:14s} {1e3 * times[1]:8.2f} ms/step   {batch / times[1]:8.1f} tok/s", flush=True)


with torch.no_grad():
    main(*sys.argv[1:])
