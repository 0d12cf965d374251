"""Tiny random checkpoints of every family with what transformers computes on them, for OracleTest.

  pip install torch==2.15.0 transformers==5.24.0 safetensors==0.8.0 numpy==2.4.6
  python families.py ../../cogent-model/src/test/resources/families          # writes the fixtures
  python families.py ../../cogent-model/src/test/resources/families --only qwen3 olmo2
  python families.py ../../cogent-model/src/test/resources/families SAVED    # holds a model that Cogent saved against its fixture

SAVED is a directory of directories named as the fixtures. A fixture: `config.json` in the layout of published checkpoints,
`config.v5.json` as transformers 5 writes the same, `model.safetensors`, and what is expected:

- `expected.json`: three sequences and the lengths of their prompts; the mean cross entropy of the tokens after the prompts; the
  norm of every gradient; three steps of AdamW (1e-3, betas 0.9 and 0.95, eps 1e-8, decay 0.1 of matrices only, clipped at 1);
  12 greedy tokens after every prompt, computed without a cache, and the smallest gap between the best and second best logit.
- `expected.safetensors`: `logits.I` of sequence I; `hidden.0.J` after J layers of the first, the last after the final norm;
  `grad.NAME` and `adamw3.NAME`, the weights after the three steps, of some weights.

Eager attention, float32, one thread.
"""
import json
import pathlib
import sys

import torch
from safetensors.torch import save_file
from transformers import AutoConfig, AutoModelForCausalLM

SHAPE = dict(hidden_size=16, intermediate_size=24, num_hidden_layers=4, num_attention_heads=4, num_key_value_heads=2,
             vocab_size=61, max_position_embeddings=64, rms_norm_eps=1e-5, torch_dtype="float32", bos_token_id=1,
             eos_token_id=2, pad_token_id=0)


def family(architecture, model_type, **values):
    return {"architectures": [architecture], "model_type": model_type, **SHAPE, **values}


def text_of(config):
    """The language model's part of a config."""
    return getattr(config, "text_config", config)


FIXTURES = {
    "llama": family("LlamaForCausalLM", "llama", rope_theta=500000.0, tie_word_embeddings=False, attention_bias=True, mlp_bias=True,
                    rope_scaling=dict(rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
                                      original_max_position_embeddings=16)),
    "qwen2": family("Qwen2ForCausalLM", "qwen2", rope_theta=1000000.0, tie_word_embeddings=True, use_sliding_window=True,
                    sliding_window=5, max_window_layers=2),
    "qwen3": family("Qwen3ForCausalLM", "qwen3", head_dim=8, rope_theta=1000000.0, tie_word_embeddings=True),
    "mistral": family("MistralForCausalLM", "mistral", rope_theta=10000.0, tie_word_embeddings=False, sliding_window=6),
    "smollm3": family("SmolLM3ForCausalLM", "smollm3", rope_theta=5000000.0, no_rope_layers=[1, 1, 0, 1], no_rope_layer_interval=4,
                      use_sliding_window=False, sliding_window=None, attention_bias=False, mlp_bias=False),
    "smollm3-interval": family("SmolLM3ForCausalLM", "smollm3", num_hidden_layers=3, rope_theta=2000000.0, no_rope_layer_interval=2,
                               use_sliding_window=True, sliding_window=4, tie_word_embeddings=False),
    "granite": family("GraniteForCausalLM", "granite", rope_theta=10000000.0, tie_word_embeddings=True, embedding_multiplier=12.0,
                      attention_multiplier=0.3, residual_multiplier=0.22, logits_scaling=3.0, attention_bias=False,
                      mlp_bias=False),
    "granite-biases": family("GraniteForCausalLM", "granite", num_hidden_layers=2, tie_word_embeddings=False, attention_bias=True,
                             mlp_bias=True, embedding_multiplier=5.0, attention_multiplier=1.0, residual_multiplier=0.4,
                             logits_scaling=0.7),
    "olmo2": family("Olmo2ForCausalLM", "olmo2", rope_theta=500000.0, rms_norm_eps=1e-6, tie_word_embeddings=False,
                    attention_bias=False),
    "phi3": family("Phi3ForCausalLM", "phi3", rope_theta=10000.0, tie_word_embeddings=False, sliding_window=7, rope_scaling=None,
                   original_max_position_embeddings=64),
    "phi4-mini": family("Phi3ForCausalLM", "phi3", hidden_size=32, rope_theta=10000.0, tie_word_embeddings=True,
                        sliding_window=262144, partial_rotary_factor=0.75, max_position_embeddings=256,
                        original_max_position_embeddings=64,
                        rope_scaling=dict(type="longrope", short_factor=[1.0, 1.3, 1.7], long_factor=[1.0, 4.0, 9.0])),
    "gemma3": family("Gemma3ForCausalLM", "gemma3_text", head_dim=8, rms_norm_eps=1e-6, hidden_activation="gelu_pytorch_tanh",
                     query_pre_attn_scalar=12, rope_theta=1000000.0, rope_local_base_freq=1000.0, rope_scaling=None, sliding_window=5,
                     sliding_window_pattern=3, attn_logit_softcapping=None, final_logit_softcapping=None),
    "gemma3-linear": family("Gemma3ForCausalLM", "gemma3_text", num_hidden_layers=3, head_dim=8, query_pre_attn_scalar=8,
                            hidden_activation="gelu_pytorch_tanh", rope_theta=1000000.0, rope_local_base_freq=10000.0,
                            rope_scaling=dict(rope_type="linear", factor=8.0), sliding_window=4, tie_word_embeddings=False,
                            layer_types=["full_attention", "sliding_attention", "full_attention"]),
}
# How published checkpoints lie on disk besides: in 16 bits, in several files.
FIXTURES |= {"qwen2-bf16": {**FIXTURES["qwen2"], "torch_dtype": "bfloat16"}, "llama-f16": {**FIXTURES["llama"], "torch_dtype": "float16"},
             "qwen3-sharded": {**FIXTURES["qwen3"], "tie_word_embeddings": False}}
# A router sends each token through some of many experts; dense layers among them.
FIXTURES |= {
    "qwen3-moe": family("Qwen3MoeForCausalLM", "qwen3_moe", head_dim=8, rope_theta=1000000.0, tie_word_embeddings=False,
                        num_experts=5, num_experts_per_tok=2, moe_intermediate_size=10, norm_topk_prob=True, mlp_only_layers=[2],
                        decoder_sparse_step=1, output_router_logits=False, router_aux_loss_coef=0.001),
    "qwen3-moe-sparse": family("Qwen3MoeForCausalLM", "qwen3_moe", head_dim=4, rope_theta=10000.0, tie_word_embeddings=True,
                               num_experts=7, num_experts_per_tok=3, moe_intermediate_size=8, norm_topk_prob=False,
                               decoder_sparse_step=2, mlp_only_layers=[], use_sliding_window=True, sliding_window=6),
}
# Three of four layers are gated delta rules; the text part of a model that also sees, as it is published.
HYBRID = dict(hidden_size=16, intermediate_size=24, num_attention_heads=4, num_key_value_heads=2, vocab_size=61, head_dim=8,
              max_position_embeddings=256, rms_norm_eps=1e-6, hidden_act="silu", attention_bias=False, attn_output_gate=True,
              linear_key_head_dim=6, linear_value_head_dim=10, linear_num_key_heads=2, linear_conv_kernel_dim=4)
FIXTURES |= {
    "qwen3.5": family("Qwen3_5ForCausalLM", "qwen3_5_text", **HYBRID, linear_num_value_heads=4, tie_word_embeddings=True,
                      full_attention_interval=4, mtp_num_hidden_layers=0,
                      rope_parameters=dict(rope_type="default", rope_theta=10000000.0, partial_rotary_factor=0.5,
                                           mrope_section=[1, 1, 0], mrope_interleaved=True)),
    "qwen3.5-sees": {"architectures": ["Qwen3_5ForConditionalGeneration"], "model_type": "qwen3_5", "tie_word_embeddings": False,
                     "torch_dtype": "float32", "image_token_id": 55, "video_token_id": 56, "vision_start_token_id": 57,
                     "vision_end_token_id": 58,
                     "vision_config": dict(model_type="qwen3_5", depth=1, hidden_size=8, intermediate_size=8, num_heads=2,
                                           out_hidden_size=16, num_position_embeddings=16),
                     "text_config": dict(model_type="qwen3_5_text", **HYBRID, linear_num_value_heads=2, tie_word_embeddings=False,
                                         num_hidden_layers=5, dtype="float32", bos_token_id=None, eos_token_id=2,
                                         layer_types=["linear_attention", "full_attention", "linear_attention",
                                                      "linear_attention", "linear_attention"])},
}
STORED = {"qwen2-bf16": torch.bfloat16, "llama-f16": torch.float16}
SHARDS = {"qwen3-sharded": 3}
LENGTHS, PROMPTS, GREEDY = (20, 13, 8), (8, 5, 3), 12
LONG = {"qwen3.5": ((150, 70, 8), (80, 66, 3)), "qwen3.5-sees": ((67, 130, 64), (64, 129, 2))}  # the scan's chunks have 64
GREATEST_VALUES = 2048


def load(directory):
    model = AutoModelForCausalLM.from_pretrained(directory, attn_implementation="eager", experts_implementation="eager",
                                                 dtype=torch.float32)
    return model.eval()


def random_model(directory):
    """Nothing is left at the value that would hide a mistake: norms are not one, biases not zero."""
    config = AutoConfig.from_pretrained(directory)
    config._attn_implementation = "eager"
    model = AutoModelForCausalLM.from_config(text_of(config), attn_implementation="eager")
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if weight.ndim >= 2:
                weight.normal_(0, 0.3)
            else:
                weight.add_(0.3 * torch.randn(weight.shape))
            if name.endswith("A_log"):  # what a state holds is to outlast a chunk of the scan
                weight.uniform_(-6, -1)
    return model, config


def lengths(name):
    return LONG.get(name, (LENGTHS, PROMPTS))


def sequences(name):
    return [torch.randint(3, SHAPE["vocab_size"], (length,)).tolist() for length in lengths(name)[0]]


def loss_of(model, rows, prompts):
    losses = []
    for row, prompt in zip(rows, prompts):
        logits = model(torch.tensor([row])).logits[0]
        losses.append(torch.nn.functional.cross_entropy(logits[prompt - 1:-1], torch.tensor(row[prompt:]), reduction="none"))
    return torch.cat(losses).mean()


def greedy(model, prompt):
    ids, gap = list(prompt), float("inf")
    with torch.no_grad():
        for _ in range(GREEDY):
            best = model(torch.tensor([ids])).logits[0, -1].topk(2)
            gap = min(gap, (best.values[0] - best.values[1]).item())
            ids.append(best.indices[0].item())
    return ids[len(prompt):], gap


def norm(tensors):
    return torch.sqrt(sum((t.double() ** 2).sum() for t in tensors)).item()


def steps(model, rows, prompts):
    named = dict(model.named_parameters())
    optimizer = torch.optim.AdamW(
        [{"params": [p for p in named.values() if p.ndim >= 2], "weight_decay": 0.1},
         {"params": [p for p in named.values() if p.ndim == 1], "weight_decay": 0.0}], lr=1e-3, betas=(0.9, 0.95), eps=1e-8)
    losses, norms = [], []
    for _ in range(3):
        optimizer.zero_grad()
        loss = loss_of(model, rows, prompts)
        loss.backward()
        losses.append(loss.item())
        norms.append(torch.nn.utils.clip_grad_norm_(named.values(), 1.0).item())
        optimizer.step()
    losses.append(loss_of(model, rows, prompts).item())
    return {"losses_before_step_1_2_3_and_after_3": losses, "grad_global_norms_before_clipping": norms}


def published(name, weight):
    """The names of a checkpoint: what transformers holds as one tensor of all experts lies there expert by expert."""
    if ".mlp.experts." not in name:
        return {name: weight}
    prefix, part = name.rsplit(".", 1)
    parts = {}
    for i, expert in enumerate(weight):
        matrices = dict(zip(("gate_proj", "up_proj"), expert.chunk(2))) if part == "gate_up_proj" else {part: expert}
        parts |= {f"{prefix}.{i}.{proj}.weight": matrix for proj, matrix in matrices.items()}
    return parts


def seeing(weights):
    """As they lie in a checkpoint that also sees, and drafts: with weights that are none of the language model's."""
    renamed = {name.replace("model.", "model.language_model.", 1): weight for name, weight in weights.items()}
    return renamed | {"model.visual.pos_embed.weight": torch.zeros(16, 8), "mtp.norm.weight": torch.zeros(16)}


def all_published(tensors):
    return {n: w for name, weight in tensors for n, w in published(name, weight).items()}


def shown(name, weight):
    """All vectors, one layer's matrices, and the embedding: enough, and small."""
    return weight.ndim == 1 or ".layers.1." in name or "layers" not in name and weight.numel() <= GREATEST_VALUES


def expected(directory):
    model, rows, tensors = load(directory), sequences(directory.name), {}
    prompts = lengths(directory.name)[1]
    with torch.no_grad():
        for i, row in enumerate(rows):
            out = model(torch.tensor([row]), output_hidden_states=i == 0)
            tensors[f"logits.{i}"] = out.logits[0]
            for j, hidden in enumerate(out.hidden_states or ()):
                tensors[f"hidden.0.{j}"] = hidden[0]
    texts = [greedy(model, row[:prompt]) for row, prompt in zip(rows, prompts)]
    loss = loss_of(model, rows, prompts)
    loss.backward()
    gradients = all_published((name, weight.grad) for name, weight in model.named_parameters())
    tensors |= {"grad." + name: gradient.clone() for name, gradient in gradients.items() if shown(name, gradient)}
    norms = {name: norm([gradient]) for name, gradient in gradients.items()}
    adamw = steps(model, rows, prompts)
    moved = all_published((name, weight.detach()) for name, weight in model.named_parameters())
    tensors |= {"adamw3." + name: weight for name, weight in moved.items() if shown(name, weight)}
    save_file({name: t.detach().contiguous().clone() for name, t in tensors.items()}, directory / "expected.safetensors")
    values = {"loss": loss.item(), "grad_norms": norms, "greedy": [ids for ids, _ in texts],
              "greedy_smallest_gap": min(gap for _, gap in texts), "adamw3": adamw}
    (directory / "expected.json").write_text(json.dumps(
        {"computed_by": "tools/oracles/families.py", "inputs": {"sequences": rows, "prompt_lengths": prompts},
         "expected": values}, indent=1) + "\n")
    return values["greedy_smallest_gap"]


def store(weights, directory, shards):
    if shards == 1:
        save_file(weights, directory / "model.safetensors", metadata={"format": "pt"})
        return
    names, index = sorted(weights), {}
    for i in range(shards):
        file = f"model-{i + 1:05d}-of-{shards:05d}.safetensors"
        part = names[i::shards]
        save_file({n: weights[n] for n in part}, directory / file, metadata={"format": "pt"})
        index |= dict.fromkeys(part, file)
    size = sum(w.numel() * w.element_size() for w in weights.values())
    (directory / "model.safetensors.index.json").write_text(
        json.dumps({"metadata": {"total_size": size}, "weight_map": index}, indent=1) + "\n")


def write(root, only):
    for place, (name, config) in enumerate(FIXTURES.items()):
        if only and name not in only:
            continue
        directory = root / name
        directory.mkdir(parents=True, exist_ok=True)
        (directory / "config.json").write_text(json.dumps(config, indent=1) + "\n")
        for seed in range(50):  # until no greedy token hangs on rounding
            torch.manual_seed(1000 * place + seed)
            model, fresh = random_model(directory)
            weights = all_published((n, w.detach()) for n, w in model.named_parameters())
            weights = {n: w.to(STORED.get(name, torch.float32)).clone() for n, w in weights.items()}
            if "text_config" in config:
                weights = seeing(weights)
            store(weights, directory, SHARDS.get(name, 1))
            gap = expected(directory)
            if gap > 0.02:
                break
        fresh._name_or_path = ""
        fresh.architectures = config["architectures"]
        fresh.dtype = STORED.get(name, torch.float32)
        (directory / "config.v5.json").write_text(fresh.to_json_string(use_diff=False))
        print(name, "smallest gap", round(gap, 3), "bytes", sum(f.stat().st_size for f in directory.iterdir()))


def check(root, saved):
    """transformers loads what Cogent saved: the same logits as of the fixture, and no name or key of the config is another."""
    for directory in sorted(saved.iterdir()):
        ours, theirs = load(directory), load(root / directory.name)
        named, other = dict(ours.named_parameters()), dict(theirs.named_parameters())
        assert named.keys() == other.keys(), directory
        other_names = {"_name_or_path": "", "architectures": None}  # of a model that also sees its text part is saved
        assert ours.config.to_dict() | other_names == theirs.config.to_dict() | other_names, directory
        row = torch.tensor([sequences(directory.name)[0]])
        off = (ours(row).logits - theirs(row).logits).abs().max().item()
        print(directory.name, "largest difference of a logit", off)
        assert off == 0, directory


if __name__ == "__main__":
    torch.set_num_threads(1)
    if len(sys.argv) == 2:
        write(pathlib.Path(sys.argv[1]), only=[])
    elif sys.argv[2] == "--only":
        write(pathlib.Path(sys.argv[1]), only=sys.argv[3:])
    else:
        check(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
