"""Small tokenizers of the makes that published models have, with what Python's tokenizers say of hard texts, for GoldenEncodingsTest;
and a random Llama with one of them, with its greedy text, for InspectTest.

  pip install torch==2.15.0 transformers==5.24.0 tokenizers==0.23.3 safetensors==0.8.0
  python tokens.py ../../cogent-model/src/test/resources/tokens

`NAME/tokenizer.json` and `NAME/tokenizer_config.json`, trained on this file's own texts; `golden.json`: [{tokenizer, text, ids,
with_special, text_again}], ids without and with what the tokenizer adds, and what they decode to without special tokens;
`sentencepiece/golden.json`: prompts and 24 greedy tokens of the model that lies beside it.
"""
import json
import pathlib
import sys

import torch
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import LlamaConfig, LlamaForCausalLM

QWEN2 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
LLAMA3 = QWEN2.replace(r"\p{N}|", r"\p{N}{1,3}|")

TEXTS = [
    "Tom has 12 apples and gives 5 of them to Ann. How many are left?", "12 - 5 = 7, so Tom has 7 apples left.",
    "The answer is \\boxed{7}.", "She'll say it's fine; they'RE not sure, I'd bet.", "x² + 3x − 4 = 0 ⇒ x = 1 or x = −4",
    "Grüße aus Köln, où est la forêt?", "数学题：小明有三个苹果。", "Сколько будет два плюс два?", "كم عدد التفاح؟", "कितने सेब हैं?",
    "1234567890 12,345.67 3/4 0.5e-3", "def f(x):\n    return x * (x + 1) // 2\n", "a\tb\r\nc\n\n\nd   e", "  two spaces  ",
    "café vs cafe\u0301", "👩‍👩‍👧 and 🇩🇪", "\u200bzero\u00a0width\ufeff", "ÅΩ ﬁ ①", "<|im_start|>user\nhello<|im_end|>",
    "<s> and </s> and <0x41>", "▁under▁ and _", "", " ", "\n", "a", "\u0000\u0001", "z" * 70, "100000000000", "𝒜 𐍈", "don't DON'T Don’T",
]


def byte_level(pattern, vocabulary, ignore_merges=False, nfc=False, bos=None):
    made = Tokenizer(models.BPE(ignore_merges=ignore_merges))
    if nfc:
        made.normalizer = normalizers.NFC()
    made.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(pattern), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    made.decoder = decoders.ByteLevel()
    made.train_from_iterator(3 * TEXTS, trainers.BpeTrainer(
        vocab_size=vocabulary, show_progress=False, initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    made.post_processor = processors.ByteLevel(trim_offsets=False)
    made.add_special_tokens(["<|endoftext|>", "<|im_start|>", "<|im_end|>"])
    made.add_tokens([AddedToken("<think>", normalized=False), AddedToken("</think>", normalized=False)])
    if bos:
        made.add_special_tokens([bos])
        made.post_processor = processors.Sequence([processors.ByteLevel(trim_offsets=False), processors.TemplateProcessing(
            single=f"{bos} $A", special_tokens=[(bos, made.token_to_id(bos))])])
    return made


def sentencepiece(vocabulary):
    """As converted Llama 2 tokenizers are: a blank in front, ▁ for blanks, bytes for what has no piece."""
    pieces = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    pieces.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    pieces.train_from_iterator([t for t in 3 * TEXTS if t.isascii()], trainers.BpeTrainer(
        vocab_size=vocabulary, show_progress=False,
        special_tokens=["<unk>", "<s>", "</s>"] + [f"<0x{b:02X}>" for b in range(256)]))
    state = json.loads(pieces.to_str())
    state["added_tokens"] = [token for token in state["added_tokens"] if not token["content"].startswith("<0x")]
    made = Tokenizer.from_str(json.dumps(state))
    made.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(),
                                      decoders.Strip(" ", 1, 0)])
    made.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", made.token_to_id("<s>"))])
    return made


def greedy(model, ids, count):
    ids, smallest = list(ids), float("inf")
    with torch.no_grad():
        for _ in range(count):
            best = model(torch.tensor([ids])).logits[0, -1].topk(2)
            smallest = min(smallest, (best.values[0] - best.values[1]).item())
            ids.append(best.indices[0].item())
    return ids[-count:], smallest


def llama(directory, tokenizer):
    prompts = [text for text in TEXTS if text.isascii() and 8 < len(text) < 60][:6]
    for seed in range(50):  # until no token hangs on rounding
        torch.manual_seed(seed)
        model = LlamaForCausalLM(LlamaConfig(
            vocab_size=tokenizer.get_vocab_size(), hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4,
            num_key_value_heads=2, max_position_embeddings=256, initializer_range=0.3, tie_word_embeddings=True, dtype="float32",
            bos_token_id=1, eos_token_id=2, attn_implementation="eager")).eval()
        cases, gaps = [], []
        for text in prompts:
            ids = tokenizer.encode(text).ids
            new, gap = greedy(model, ids, 24)
            cases.append(dict(text=text, ids=ids, greedy_new_ids=new))
            gaps.append(gap)
        if min(gaps) > 0.02:
            break
    model.save_pretrained(directory)
    (directory / "generation_config.json").unlink(missing_ok=True)
    (directory / "golden.json").write_text(json.dumps(dict(cases=cases), indent=1) + "\n")


def main(root):
    torch.set_num_threads(1)
    made = dict(qwen=(byte_level(QWEN2, 700, nfc=True), dict(eos_token="<|im_end|>")),
                llama3=(byte_level(LLAMA3, 700, ignore_merges=True, bos="<|begin|>"), dict(bos_token="<|begin|>", eos_token="<|im_end|>")),
                sentencepiece=(sentencepiece(450), dict(bos_token="<s>", eos_token="</s>", unk_token="<unk>")))
    golden = []
    for name, (tokenizer, config) in made.items():
        directory = root / name
        directory.mkdir(parents=True, exist_ok=True)
        tokenizer.save(str(directory / "tokenizer.json"), pretty=False)
        (directory / "tokenizer_config.json").write_text(json.dumps(config, indent=1) + "\n")
        for text in TEXTS:
            ids = tokenizer.encode(text, add_special_tokens=False).ids
            golden.append(dict(tokenizer=name, text=text, ids=ids, with_special=tokenizer.encode(text).ids,
                               text_again=tokenizer.decode(ids, skip_special_tokens=True)))
    (root / "golden.json").write_text(json.dumps(dict(cases=golden)) + "\n")
    llama(root / "sentencepiece", made["sentencepiece"][0])


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
