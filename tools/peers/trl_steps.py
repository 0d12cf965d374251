"""The losses of TRL's trainer: trl_steps.py MODEL sft|dpo ROWS.jsonl STEPS

ROWS hold token ids, completions with the end of text last; all rows are one batch. AdamW at 1e-3, constant, clipped at 1.
"""
import json
import sys
import tempfile

import torch
from datasets import Dataset
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast
from trl import DPOConfig, DPOTrainer, SFTConfig, SFTTrainer

directory, kind, file, steps = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
torch.set_num_threads(1)
model = AutoModelForCausalLM.from_pretrained(directory, dtype=torch.float32, attn_implementation="eager")
plain = Tokenizer(models.WordLevel({f"t{i}_": i for i in range(model.config.vocab_size)}, unk_token="t0_"))
plain.pre_tokenizer = pre_tokenizers.Whitespace()
tokenizer = PreTrainedTokenizerFast(tokenizer_object=plain, eos_token=f"t{model.config.eos_token_id}_", pad_token="t0_", unk_token="t0_")
rows = [json.loads(line) for line in open(file)]


def words(ids):
    # no word begins another one: the end of text is searched for inside of words
    return " ".join(f"t{i}_" for i in ids)


def told(row):
    """TRL adds the end of text itself."""
    return {name.removesuffix("_ids"): words(ids) + " " if name == "prompt_ids" else words(ids[:-1]) for name, ids in row.items()}


with tempfile.TemporaryDirectory() as folder:
    common = dict(output_dir=folder, report_to=[], use_cpu=True, bf16=False, per_device_train_batch_size=len(rows), max_steps=steps,
                  logging_steps=1, save_strategy="no", learning_rate=1e-3, lr_scheduler_type="constant", weight_decay=0.0,
                  max_grad_norm=1.0, gradient_checkpointing=False, disable_tqdm=True)
    data = Dataset.from_list([told(row) for row in rows])
    if kind == "sft":
        trainer = SFTTrainer(model, args=SFTConfig(**common, packing=False), train_dataset=data, processing_class=tokenizer)
    else:
        trainer = DPOTrainer(model, args=DPOConfig(**common, beta=0.1), train_dataset=data, processing_class=tokenizer)
    trainer.train()
print(json.dumps([entry["loss"] for entry in trainer.state.log_history if "loss" in entry]))
