"""What llama.cpp makes of the same model, beside Cogent: its quantised files tensor by tensor, and its greedy text.

  npm i --ignore-scripts @node-llama-cpp/linux-x64@3.22.1      (llama.cpp v0.5.0, ready built)
  pip install gguf==0.19.0 numpy==2.4.6
  export LLAMA_CPP=node_modules/@node-llama-cpp/linux-x64/bins/linux-x64

  ./cogent export model MODEL --type f32 -o f32.gguf && ./cogent export model MODEL --type q4_k_m -o ours.gguf
  python llama_cpp.py quantise f32.gguf Q4_K_M theirs.gguf     llama-quantize, without its program
  python llama_cpp.py compare theirs.gguf ours.gguf            names every tensor that is not the same bytes; 1 if there is one
  python llama_cpp.py greedy FILE.gguf 64 < prompts.jsonl      {"prompt_ids": [...]} → {"ids": [...], "text": "..."}, a line each
  python llama_cpp.py agree theirs.jsonl ours.jsonl            how far greedy ids agree; 1 unless all do
"""
import ctypes as c
import json
import os
import sys

QUANTISED = {"Q8_0": 7, "Q4_K_M": 15}
VOID, INT, TEXT = c.c_void_p, c.c_int32, c.c_char_p


class Opaque(c.Structure):
    """A struct of parameters, of which only the first numbers matter here; larger than any of llama.cpp's."""

    _fields_ = [("first", INT), ("second", INT), ("rest", c.c_byte * 504)]


class Batch(c.Structure):
    _fields_ = [("tokens", INT), ("token", VOID), ("embd", VOID), ("pos", VOID), ("n_seq_id", VOID), ("seq_id", VOID),
                ("logits", VOID)]


def library():
    folder = os.path.abspath(os.environ["LLAMA_CPP"])
    for name in ("libggml-base.so", "libggml.v0.5.0.so"):
        ggml = c.CDLL(f"{folder}/{name}", c.RTLD_GLOBAL)
    ggml.ggml_backend_load_all_from_path(folder.encode())
    llama = c.CDLL(f"{folder}/libllama.v0.5.0.so")
    llama.llama_log_set(LOG, None)
    llama.llama_backend_init()
    return llama


LOG = c.CFUNCTYPE(None, INT, TEXT, VOID)(lambda level, text, data: None)


def function(llama, name, returns, *takes):
    found = getattr(llama, name)
    found.restype, found.argtypes = returns, takes
    return found


def quantise(source, kind, target):
    llama = library()
    settings = function(llama, "llama_model_quantize_default_params", Opaque)()
    settings.first, settings.second = 2, QUANTISED[kind]  # threads, file type
    if function(llama, "llama_model_quantize", c.c_uint32, TEXT, TEXT, c.POINTER(Opaque))(
            source.encode(), target.encode(), c.byref(settings)):
        sys.exit("llama.cpp does not quantise " + source)


def compare(theirs, ours):
    from gguf import GGUFReader

    one, other = ({t.name: t for t in GGUFReader(file).tensors} for file in (theirs, ours))
    differ = sorted(one.keys() ^ other.keys())
    kinds = {}
    for name in sorted(one.keys() & other.keys()):
        mine, yours = other[name], one[name]
        kinds[mine.tensor_type.name] = kinds.get(mine.tensor_type.name, 0) + 1
        if mine.tensor_type != yours.tensor_type or mine.data.tobytes() != yours.data.tobytes():
            differ.append(f"{name}: {yours.tensor_type.name} in llama.cpp's, {mine.tensor_type.name} in Cogent's")
    print(json.dumps({"tensors": len(one), "types": kinds, "differ": differ}))
    return 1 if differ else 0


def greedy(file, count):
    llama = library()
    model_settings = function(llama, "llama_model_default_params", Opaque)()
    model = function(llama, "llama_model_load_from_file", VOID, TEXT, Opaque)(file.encode(), model_settings)
    if not model:
        sys.exit("llama.cpp does not load " + file)
    vocab = function(llama, "llama_model_get_vocab", VOID, VOID)(model)
    words = function(llama, "llama_vocab_n_tokens", INT, VOID)(vocab)
    is_end = function(llama, "llama_vocab_is_eog", c.c_bool, VOID, INT)
    batch_of = function(llama, "llama_batch_get_one", Batch, VOID, INT)
    decode = function(llama, "llama_decode", INT, VOID, Batch)
    logits = function(llama, "llama_get_logits_ith", c.POINTER(c.c_float), VOID, INT)
    detokenise = function(llama, "llama_detokenize", INT, VOID, VOID, INT, TEXT, INT, c.c_bool, c.c_bool)
    settings = function(llama, "llama_context_default_params", Opaque)()
    settings.first = settings.second = 2048  # n_ctx, n_batch
    for line in sys.stdin:
        context = function(llama, "llama_init_from_model", VOID, VOID, Opaque)(model, settings)
        function(llama, "llama_set_n_threads", None, VOID, INT, INT)(context, 1, 1)  # more only wait where others use the machine
        ids, made = json.loads(line)["prompt_ids"], []
        while len(made) < count:
            tokens = (INT * len(ids))(*ids)
            if decode(context, batch_of(tokens, len(ids))):
                sys.exit("llama.cpp does not decode")
            row = logits(context, -1)
            best = max(range(words), key=row.__getitem__)
            if is_end(vocab, best):
                break
            made.append(best)
            ids = [best]
        text = c.create_string_buffer(16 * count + 64)
        size = detokenise(vocab, (INT * len(made))(*made), len(made), text, len(text), False, True)
        print(json.dumps({"ids": made, "text": text.raw[:size].decode(errors="replace")}), flush=True)
        function(llama, "llama_free", None, VOID)(context)


def agree(theirs, ours):
    same = 0
    pairs = list(zip(map(json.loads, open(theirs)), map(json.loads, open(ours)), strict=True))
    for one, other in pairs:
        mine = other["ids"]
        same += one["ids"] == mine
    print(json.dumps({"texts": len(pairs), "same": same}))
    return 0 if same == len(pairs) else 1


if __name__ == "__main__":
    work, *rest = sys.argv[1:]
    sys.exit({"quantise": quantise, "compare": compare, "greedy": lambda f, n: greedy(f, int(n)), "agree": agree}[work](*rest))
