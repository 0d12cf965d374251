"""Values of every kind with the blocks that ggml itself makes of them, for the tests of the export's quantisation.

  npm i --ignore-scripts @node-llama-cpp/linux-x64@3.22.1 && pip install numpy==2.4.6
  python gguf_quants.py node_modules/@node-llama-cpp/linux-x64/bins/linux-x64 ../../cogent-model/src/test/resources/gguf/quants.bin

The file: the values' count and float32s, then for every type its name's length (1 byte) and name, the blocks' length and
bytes; numbers are little-endian int32.
"""
import ctypes as c
import struct
import sys

import numpy as np

TYPES = {"Q8_0": 8, "Q5_0": 6, "Q5_1": 7, "Q4_K": 12, "Q5_K": 13, "Q6_K": 14}
SUPER = 256
random = np.random.default_rng(11)
rows = [random.normal(0, 0.05, SUPER) for _ in range(4)]  # as weights are
rows += [np.zeros(SUPER), np.full(SUPER, 0.25), np.full(SUPER, -3.0), np.abs(rows[0]), -np.abs(rows[1])]
rows += [random.normal(0, 1e-20, SUPER), random.normal(0, 1e-42, SUPER), random.normal(0, 3000, SUPER)]
rows += [np.where(np.arange(SUPER) == 77, 40, rows[2]), random.integers(-4, 5, SUPER) / 8, random.standard_t(1.5, SUPER)]
rows += [np.repeat(random.normal(0, 1, SUPER // 32), 32), np.where(random.random(SUPER) < 0.9, 0, 1)]
values = np.stack(rows).astype(np.float32)

ggml = c.CDLL(sys.argv[1] + "/libggml-base.so")
ggml.ggml_quantize_chunk.argtypes = [c.c_int, c.c_void_p, c.c_void_p, c.c_int64, c.c_int64, c.c_int64, c.c_void_p]
ggml.ggml_quantize_chunk.restype = c.c_size_t
with open(sys.argv[2], "wb") as out:
    out.write(struct.pack("<i", values.size) + values.tobytes())
    for name, kind in TYPES.items():
        blocks = c.create_string_buffer(values.size * 4)
        size = ggml.ggml_quantize_chunk(kind, values.ctypes.data, blocks, 0, len(rows), SUPER, None)
        out.write(bytes([len(name)]) + name.encode() + struct.pack("<i", size) + blocks.raw[:size])
