"""What TRL computes of KTO, SPPO and on-policy distillation on a tiny model, for TrlObjectivesTest and DistilTest.

  pip install torch==2.15.0 transformers==5.24.0 trl==1.16.0 safetensors==0.8.0
  python objectives.py ../../cogent-train/src/test/resources/objectives

Writes two random checkpoints, `policy` and `reference`, and `expected.json`: pairs of token ids; the mean loss, the divergence and
the norm of the gradient that TRL's own trainers compute of all pairs as one batch, with the policy in both roles in turn. For
distillation the reference is the teacher, and the chosen sides are what the student said.
Eager attention, float32, one thread.
"""
import json
import pathlib
import sys
import tempfile

import torch
from datasets import Dataset
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM
from trl import DistillationConfig, DistillationTrainer, DPOConfig, DPOTrainer, KTOConfig, KTOTrainer

BETA, DESIRABLE, UNDESIRABLE = 0.3, 1.0, 1.7
VOCABULARY = 17
PAIRS = [
    dict(prompt=[3, 4, 5], chosen=[6, 7, 8, 1], rejected=[9, 1]),
    dict(prompt=[3, 4, 5], chosen=[6, 6], rejected=[2, 11, 12, 13, 1]),  # the same prompt: not a mismatch
    dict(prompt=[10, 2], chosen=[14, 15, 16], rejected=[14, 15, 3]),
    dict(prompt=[8], chosen=[5], rejected=[4, 4, 4, 4, 4, 4]),
    dict(prompt=[12, 13, 14, 15, 16], chosen=[1, 2, 1], rejected=[2, 1, 2]),
]


def other(i):
    """The next pair with another prompt."""
    return next(p for p in PAIRS[i + 1:] + PAIRS[:i] if p["prompt"] != PAIRS[i]["prompt"])


def model(seed):
    torch.manual_seed(seed)
    return Qwen2ForCausalLM(Qwen2Config(
        vocab_size=VOCABULARY, hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, max_position_embeddings=64, initializer_range=0.3, tie_word_embeddings=True, dtype="float32",
        bos_token_id=0, eos_token_id=1, pad_token_id=None, attn_implementation="eager"))


def tokenizer():
    words = {f"t{i}": i for i in range(VOCABULARY)}
    plain = Tokenizer(models.WordLevel(words, unk_token="t0"))
    plain.pre_tokenizer = pre_tokenizers.Whitespace()
    return PreTrainedTokenizerFast(tokenizer_object=plain, eos_token="t1", pad_token="t0", unk_token="t0")


def text(ids):
    return " ".join(f"t{i}" for i in ids)


def common(folder):
    return dict(output_dir=folder, report_to=[], use_cpu=True, bf16=False, per_device_train_batch_size=len(PAIRS), beta=BETA,
                disable_dropout=True, gradient_checkpointing=False)


def measured(trainer, policy, inputs):
    policy.zero_grad()
    policy.train()
    loss = trainer._compute_loss(policy, inputs, return_outputs=False)
    loss.backward()
    # TRL's trained model is the policy itself: tied weights count once
    norm = torch.linalg.vector_norm(torch.stack([p.grad.norm() for p in policy.parameters()]))
    return dict(loss=loss.item(), grad_norm=norm.item())


def kto(policy, reference, folder):
    rows = [dict(prompt=text(p["prompt"]) + " ", completion=text(p[side]), label=side == "chosen")
            for p in PAIRS for side in ("chosen", "rejected")]
    trainer = KTOTrainer(model=policy, ref_model=reference, processing_class=tokenizer(), train_dataset=Dataset.from_list(rows),
                         args=KTOConfig(**common(folder), desirable_weight=DESIRABLE, undesirable_weight=UNDESIRABLE,
                                        train_sampling_strategy="sequential"))
    batch = [dict(prompt_ids=p["prompt"], completion_ids=p[side], KL_completion_ids=other(i)[side], label=side == "chosen")
             for i, p in enumerate(PAIRS) for side in ("chosen", "rejected")]
    result = measured(trainer, policy, trainer.data_collator(batch))
    return {**result, "kl": trainer._metrics["train"]["kl"][-1]}


def sppo(policy, reference, folder):
    rows = [dict(prompt=text(p["prompt"]) + " ", chosen=text(p["chosen"]), rejected=text(p["rejected"])) for p in PAIRS]
    trainer = DPOTrainer(model=policy, ref_model=reference, processing_class=tokenizer(), train_dataset=Dataset.from_list(rows),
                         args=DPOConfig(**common(folder), loss_type=["sppo_hard"]))
    batch = [dict(prompt_ids=p["prompt"], chosen_ids=p["chosen"], rejected_ids=p["rejected"]) for p in PAIRS]
    return measured(trainer, policy, trainer.data_collator(batch))


def padded(rows, left):
    longest = max(map(len, rows))
    fill = [[0] * (longest - len(row)) for row in rows]
    ids = [(f + row if left else row + f) for f, row in zip(fill, rows)]
    mask = [([0] * len(f) + [1] * len(row) if left else [1] * len(row) + [0] * len(f)) for f, row in zip(fill, rows)]
    return torch.tensor(ids), torch.tensor(mask)


def distil(policy, reference, folder):
    rows = [dict(prompt=text(p["prompt"])) for p in PAIRS]
    settings = {k: v for k, v in common(folder).items() if k != "beta"}
    trainer = DistillationTrainer(model=policy, teacher_model=reference, processing_class=tokenizer(),
                                  train_dataset=Dataset.from_list(rows), args=DistillationConfig(**settings, beta=1.0))
    prompts, prompt_mask = padded([p["prompt"] for p in PAIRS], True)
    replies, reply_mask = padded([p["chosen"] for p in PAIRS], False)
    inputs = dict(prompt_ids=prompts, prompt_mask=prompt_mask, completion_ids=replies, completion_mask=reply_mask)
    policy.zero_grad()
    policy.train()
    loss, entropy, count = trainer._compute_loss(policy, inputs, None)
    loss.backward()
    norm = torch.linalg.vector_norm(torch.stack([p.grad.norm() for p in policy.parameters()]))
    return dict(loss=loss.item(), grad_norm=norm.item(), entropy=(entropy / count).item())


def main(target):
    torch.set_num_threads(1)
    paths = {name: target / name for name in ("policy", "reference")}
    for seed, path in enumerate(paths.values()):
        model(seed).save_pretrained(path)
        (path / "generation_config.json").unlink(missing_ok=True)
    expected = dict(beta=BETA, desirable=DESIRABLE, undesirable=UNDESIRABLE, pairs=PAIRS)
    for name, function in dict(kto=kto, sppo=sppo, distil=distil).items():
        for of, to in (("policy", "reference"), ("reference", "policy")):
            with tempfile.TemporaryDirectory() as folder:
                load = lambda role: AutoModelForCausalLM.from_pretrained(paths[role], attn_implementation="eager")
                expected[f"{name} {of}"] = function(load(of), load(to), folder)
    (target / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
