"""Training steps and decoding of PyTorch and transformers on a GPU: python torch_step.py peak sft sft-fp32 sft-1.5b cogpo real decode

The names, shapes and lengths are those of cogent.bench.GpuSpeed. Weights are fp32 under bf16 autocast, AdamW is fused."""
import random, sys, time
import torch
from transformers import Qwen2Config, Qwen2ForCausalLM

VOCABULARY, WARM, TIMED = 151_000, 5, 10
# twentieths of the lengths of real rationales, tenths of their problems' (cogent.bench.Lengths)
COMPLETION = [250, 448, 547, 646, 788, 1044, 1231, 1330, 1482, 1634, 1779, 1944, 2170, 2409, 2646, 2927, 3270, 3930, 4739, 6325, 14202]
PROMPT = [7, 26, 37, 48, 60, 70, 83, 103, 133, 171, 342]


def shape(layers, width, inner, heads, kv):
    return Qwen2Config(vocab_size=151936, hidden_size=width, intermediate_size=inner, num_hidden_layers=layers,
                       num_attention_heads=heads, num_key_value_heads=kv, rms_norm_eps=1e-6, max_position_embeddings=32768,
                       rope_parameters={"rope_type": "default", "rope_theta": 1e6}, tie_word_embeddings=True,
                       attn_implementation="sdpa", use_cache=False)


HALF, LARGER = shape(24, 896, 4864, 14, 2), shape(28, 1536, 8960, 12, 2)


def seconds(work):
    torch.cuda.synchronize()
    start = time.time()
    work()
    torch.cuda.synchronize()
    return time.time() - start


def peak(dtype, n=8192):
    a, b = torch.randn(n, n, device="cuda", dtype=dtype), torch.randn(n, n, device="cuda", dtype=dtype)
    times = [seconds(lambda: [a @ b for _ in range(4)]) for _ in range(6)]
    print(f"peak {dtype} {2 * n**3 * 4 / min(times) / 1e12:.0f} TFLOP/s", flush=True)


def timed(title, model, gradients):
    """gradients() runs backward and says how many tokens it took."""
    model.train()
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-5, fused=True)

    def step():
        optimiser.zero_grad(set_to_none=True)
        counted.append(gradients())
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()

    counted = []
    for _ in range(WARM):
        step()
    torch.cuda.reset_peak_memory_stats()
    counted.clear()
    times = [seconds(step) for _ in range(TIMED)]
    rate, ordered = sum(counted) / sum(times), sorted(times)
    print(f"TORCH  {title:48s} {1e3 * ordered[TIMED // 2]:7.1f} ms a step (best {1e3 * ordered[0]:.1f}), {rate:6.0f} tok/s, "
          f"peak {torch.cuda.max_memory_allocated() / 2**30:.1f} GiB", flush=True)


def ids(rows, length):
    return torch.randint(0, VOCABULARY, (rows, length), device="cuda")


def sft(title, config, rows, amp):
    model = Qwen2ForCausalLM(config).cuda().float()
    batch = ids(rows, 1024)

    def gradients():
        with torch.autocast("cuda", dtype=torch.bfloat16, enabled=amp):
            loss = model(input_ids=batch, labels=batch).loss
        loss.backward()
        return batch.numel()

    timed(title, model, gradients)


def cogpo(title, config, pairs=8):
    model = Qwen2ForCausalLM(config).cuda().float()
    batch, beta = ids(2 * pairs, 504), torch.full((pairs,), 0.1, device="cuda")

    def gradients():
        with torch.autocast("cuda", dtype=torch.bfloat16):
            logits = model(input_ids=batch).logits[:, :-1]
        known = torch.gather(logits, 2, batch[:, 1:].unsqueeze(2)).squeeze(2).float()
        total = torch.stack([torch.logsumexp(row.float(), -1) for row in logits])
        logps = (known - total)[:, 63:].sum(-1)
        (-torch.nn.functional.logsigmoid(beta * (logps[:pairs] - logps[pairs:])).mean()).backward()
        return pairs * (64 + 880)

    timed(title, model, gradients)


def draw(quantiles, source):
    at = source.random() * (len(quantiles) - 1)
    low = int(at)
    return int(quantiles[low] + (at - low) * (quantiles[low + 1] - quantiles[low]))


def real(title, config):
    """Row by row, so that nothing is padded; gradients accumulate over the batch."""
    model, source = Qwen2ForCausalLM(config).cuda().float(), random.Random(7)

    def gradients():
        lengths = []
        while True:
            length = draw(COMPLETION, source)
            if lengths and sum(lengths) + length > 16384:
                break
            lengths.append(length + draw(PROMPT, source))
        for length in lengths:
            row = ids(1, length)
            with torch.autocast("cuda", dtype=torch.bfloat16):
                loss = model(input_ids=row, labels=row).loss * (length / sum(lengths))
            loss.backward()
        return sum(lengths)

    timed(title, model, gradients)


def decode(config):
    config.use_cache = True
    model = Qwen2ForCausalLM(config).cuda().bfloat16().eval()
    for batch in (1, 32, 256):
        prompts = ids(batch, 64)
        for sample in (False, True):
            def take(tokens):
                with torch.no_grad():
                    return seconds(lambda: model.generate(prompts, min_new_tokens=tokens, max_new_tokens=tokens,
                                                          do_sample=sample, pad_token_id=0))
            take(4)
            step = (take(36) - take(4)) / 32
            print(f"TORCH  decode 0.5B bf16, batch {batch}, {'sampled' if sample else 'greedy'}: "
                  f"{1e3 * step:.2f} ms a step, {batch / step:.0f} tok/s", flush=True)


print("torch", torch.__version__, torch.cuda.get_device_name(), flush=True)
for name in sys.argv[1:]:
    try:
        match name:
            case "peak": peak(torch.float32), peak(torch.bfloat16)
            case "sft": sft("0.5B SFT bf16, 8 x 1024", HALF, 8, True)
            case "sft-fp32": sft("0.5B SFT fp32, 8 x 1024", HALF, 8, False)
            case "sft-1.5b": sft("1.5B SFT bf16, 8 x 1024", LARGER, 8, True)
            case "cogpo": cogpo("0.5B DPO bf16, 8 pairs of 64 + 440/440", HALF)
            case "real": real("0.5B SFT bf16, real lengths", HALF)
            case "decode": decode(HALF)
            case _: print("no benchmark", name)
    except Exception as e:  # the others are still worth their time
        print(name, "failed:", repr(e)[:300], flush=True)
    torch.cuda.empty_cache()
