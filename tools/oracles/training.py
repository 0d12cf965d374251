"""What transformers, TRL and torch's AdamW make of families.py's checkpoints in training, for TrainingOracleTest.

  pip install torch==2.15.0 transformers==5.24.0 trl==1.16.0 safetensors==0.8.0
  python training.py ../../cogent-model/src/test/resources/families ../../cogent-train/src/test/resources/oracle

Writes `sft.json`, what families.py leaves out: the log-probability of every token after the prompts, and how far three steps of AdamW
move every weight. And `cogpo-NAME` for two families: `ref`, the checkpoint with other weights; `pairs.json` with a beta each;
`expected.json` and `expected.safetensors`: log-probabilities, CogPO's losses, rewards, gradients and two steps, and the losses of its
relatives. Means of the losses that TRL has are TRL's own and equal the formulas here, or the script stops.
Eager attention, float32, one thread.
"""
import json
import pathlib
import sys
import tempfile

import torch
import torch.nn.functional as F
from datasets import Dataset
from safetensors.torch import save_file
from trl import DPOConfig, DPOTrainer

import families
from objectives import text, tokenizer

BETAS = [0.1, 0.2, 0.5, 0.1, 0.2, 0.5]
POLICIES = ("qwen2", "qwen3")


def token_logps(model, row, prompt):
    logits = model(torch.tensor([row])).logits[0, prompt - 1:-1]
    return torch.log_softmax(logits, -1).gather(1, torch.tensor(row[prompt:])[:, None])[:, 0]


def adamw(model, loss, steps):
    named = dict(model.named_parameters())
    before = families.all_published((n, p.detach().clone()) for n, p in named.items())
    optimizer = torch.optim.AdamW(
        [{"params": [p for p in named.values() if p.ndim >= 2], "weight_decay": 0.1},
         {"params": [p for p in named.values() if p.ndim == 1], "weight_decay": 0.0}], lr=1e-3, betas=(0.9, 0.95), eps=1e-8)
    losses, norms = [], []
    for _ in range(steps):
        optimizer.zero_grad()
        value = loss(model)
        value.backward()
        losses.append(value.item())
        norms.append(torch.nn.utils.clip_grad_norm_(named.values(), 1.0).item())
        optimizer.step()
    losses.append(loss(model).item())
    after = families.all_published((n, p.detach()) for n, p in named.items())
    moved = {n: families.norm([weight - before[n]]) for n, weight in after.items()}
    return losses, norms, moved


def sft(directory):
    inputs = json.loads((directory / "expected.json").read_text())["inputs"]
    rows, prompts = inputs["sequences"], inputs["prompt_lengths"]
    model = families.load(directory)
    with torch.no_grad():
        logps = [token_logps(model, row, prompt).tolist() for row, prompt in zip(rows, prompts)]
    _, _, moved = adamw(model, lambda m: -torch.cat([token_logps(m, r, p) for r, p in zip(rows, prompts)]).mean(), 3)
    return {"completion_token_logprobs": logps, "param_delta_norms": moved}


def pairs():
    def ids(low, high):
        return torch.randint(3, families.SHAPE["vocab_size"], (int(torch.randint(low, high, ())),)).tolist()
    return [dict(prompt_ids=ids(2, 9), chosen_ids=ids(2, 12), rejected_ids=ids(2, 12), beta=beta) for beta in BETAS]


def sums(model, rows, side):
    logps = [token_logps(model, row["prompt_ids"] + row[side + "_ids"], len(row["prompt_ids"])) for row in rows]
    return torch.stack([l.sum() for l in logps]), torch.tensor([float(len(l)) for l in logps])


def losses(c, r, rc, rr, nc, nr, beta):
    """Per pair, by name; h as in docs/objectives.md."""
    h, flat = (c - rc) - (r - rr), (c - rc) / nc - (r - rr) / nr
    s = F.logsigmoid(beta * h)
    odds = c / nc - r / nr - (torch.log1p(-(c / nc).exp()) - torch.log1p(-(r / nr).exp()))
    return {
        "sigmoid": -s, "sigmoid_label_smoothing_0.1": -0.9 * s - 0.1 * F.logsigmoid(-beta * h), "hinge": torch.relu(1 - beta * h),
        "ipo_avg": (flat - 1 / (2 * beta)) ** 2, "ipo_sum": (h - 1 / (2 * beta)) ** 2,
        "rpo_alpha_1.0_batch_token_nll": -s - c.sum() / nc.sum(), "rpo_alpha_1.0_pair_nll": -s - c / nc,
        "simpo_gamma_0.5": -F.logsigmoid(beta * (c / nc - r / nr) - 0.5),
        "orpo_completion_nll": -c.sum() / nc.sum() - beta * F.logsigmoid(odds),
        "orpo_completion_pair_nll": -c / nc - beta * F.logsigmoid(odds)}


def of_trl(policy, reference, rows, beta, loss_type):
    """The mean that TRL's trainer computes of all pairs as one batch, with a beta for each."""
    told = [dict(prompt=text(p["prompt_ids"]) + " ", chosen=text(p["chosen_ids"]), rejected=text(p["rejected_ids"])) for p in rows]
    with tempfile.TemporaryDirectory() as folder:
        trainer = DPOTrainer(
            model=policy, ref_model=reference, processing_class=tokenizer(), train_dataset=Dataset.from_list(told),
            args=DPOConfig(output_dir=folder, report_to=[], use_cpu=True, bf16=False, per_device_train_batch_size=len(rows), beta=0.1,
                           disable_dropout=True, gradient_checkpointing=False, loss_type=[loss_type]))
        trainer.beta = beta
        policy.train()
        loss = trainer._compute_loss(policy, trainer.data_collator([{k: p[k] for k in p if k != "beta"} for p in rows]),
                                     return_outputs=False)
        policy.eval()
        policy.zero_grad()
        return loss.item()


def preference(root, out, name, seed):
    torch.manual_seed(seed)
    directory = out / f"cogpo-{name}"
    (directory / "ref").mkdir(parents=True, exist_ok=True)
    rows = pairs()
    other, _ = families.random_model(root / name)
    save_file({n: w.detach().clone() for n, w in other.named_parameters()}, directory / "ref/model.safetensors", metadata={"format": "pt"})
    (directory / "ref/config.json").write_text((root / name / "config.json").read_text())
    (directory / "pairs.json").write_text(json.dumps({"policy": name, "pairs": rows}, indent=1) + "\n")
    policy, reference = families.load(root / name), families.load(directory / "ref")
    own = torch.tensor(BETAS)
    with torch.no_grad():
        (rc, nc), (rr, nr) = sums(reference, rows, "chosen"), sums(reference, rows, "rejected")

    def loss(model, key="sigmoid", beta=own):
        (c, _), (r, _) = sums(model, rows, "chosen"), sums(model, rows, "rejected")
        return losses(c, r, rc, rr, nc, nr, beta)[key]

    table = {}
    for key in losses(rc, rr, rc, rr, nc, nr, own):
        betas = {"simpo_gamma_0.5": {"@2.0": 2.0}, "orpo_completion_nll": {"@0.1": 0.1}, "orpo_completion_pair_nll": {"@0.1": 0.1}}
        for label, beta in betas.get(key, {"@pair": own, "@0.1": 0.1}).items():
            beta = torch.full_like(own, beta) if isinstance(beta, float) else beta
            policy.zero_grad()
            each = loss(policy, key, beta)
            each.mean().backward()
            table[key + label] = dict(per_pair=each.tolist(), mean=each.mean().item(),
                                      grad_global_norm=families.norm([p.grad for p in policy.parameters()]))
            theirs = {"sigmoid": "sigmoid", "hinge": "hinge", "ipo_avg": "ipo"}.get(key)
            if theirs:
                trl = of_trl(policy, reference, rows, beta, theirs)
                assert abs(trl - each.mean().item()) < 1e-4 * max(1, abs(trl)), (key, label, trl, each.mean().item())
                table[key + label]["trl"] = trl
    policy.zero_grad()
    each = loss(policy)
    each.mean().backward()
    tensors = {"grad." + n: p.grad.clone() for n, p in policy.named_parameters() if families.shown(n, p)}
    grads = {n: families.norm([p.grad]) for n, p in policy.named_parameters()}
    with torch.no_grad():
        (c, _), (r, _) = sums(policy, rows, "chosen"), sums(policy, rows, "rejected")
    chosen, rejected = own * (c - rc), own * (r - rr)
    expected = {
        "policy_logps": {"chosen": c.tolist(), "rejected": r.tolist()}, "ref_logps": {"chosen": rc.tolist(), "rejected": rr.tolist()},
        "completion_token_counts": {"chosen": nc.tolist(), "rejected": nr.tolist()},
        "cogpo": {"betas": BETAS, "per_pair_loss": each.tolist(), "chosen_rewards": chosen.tolist(), "rejected_rewards": rejected.tolist(),
                  "margins": (chosen - rejected).tolist(), "mean_loss": each.mean().item()},
        "grad_norms": grads, "grad_global_norm": families.norm([p.grad for p in policy.parameters()]), "losses": table}
    taken, norms, moved = adamw(policy, lambda m: loss(m).mean(), 2)
    expected["adamw2"] = {"losses_before_step_1_2_and_after_2": taken, "grad_global_norms_before_clipping": norms,
                          "param_delta_norms": moved}
    tensors |= {"adamw2." + n: p.detach().clone() for n, p in policy.named_parameters() if families.shown(n, p)}
    save_file({n: t.contiguous() for n, t in tensors.items()}, directory / "expected.safetensors")
    (directory / "expected.json").write_text(json.dumps(
        {"computed_by": "tools/oracles/training.py", "expected": expected}, indent=1) + "\n")
    print(directory.name, {k: round(v["mean"], 4) for k, v in table.items()})


if __name__ == "__main__":
    torch.set_num_threads(1)
    root, out = map(pathlib.Path, sys.argv[1:])
    out.mkdir(parents=True, exist_ok=True)
    (out / "sft.json").write_text(json.dumps({d.name: sft(d) for d in sorted(root.iterdir())}, indent=1) + "\n")
    for seed, name in enumerate(POLICIES):
        preference(root, out, name, 500 + seed)
