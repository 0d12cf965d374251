"""Blocks of every quantised type of GGUF with the values that ggml's own Python package makes of them.

  pip install gguf==0.19.0 numpy==2.4.6 && python gguf_blocks.py ../../cogent-model/src/test/resources/gguf/blocks.bin

The file: for every type its name's length (1 byte) and name, the blocks' length and bytes, the values' count and float32s;
numbers are little-endian int32.
"""
import struct
import sys

import numpy as np
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType as T, dequantize

SCALES = {T.Q4_0: [0], T.Q4_1: [0, 2], T.Q5_0: [0], T.Q5_1: [0, 2], T.Q8_0: [0], T.Q2_K: [80, 82], T.Q3_K: [108],
          T.Q4_K: [0, 2], T.Q5_K: [0, 2], T.Q6_K: [208], T.IQ4_NL: [0], T.IQ4_XS: [0]}
random = np.random.default_rng(7)
with open(sys.argv[1], "wb") as out:
    for kind, places in SCALES.items():
        _, size = GGML_QUANT_SIZES[kind]
        blocks = random.integers(0, 256, (6, size), dtype=np.uint8)
        for place in places:  # random bits would be infinite now and then
            scales = random.normal(0, 0.3, 6).astype(np.float16)
            scales[0], scales[1] = 0, 6e-8  # nothing, and the smallest there is
            blocks[:, place:place + 2] = scales.view(np.uint8).reshape(6, 2)
        values = dequantize(blocks, kind).astype("<f4").ravel()
        name = kind.name.encode()
        out.write(bytes([len(name)]) + name + struct.pack("<i", blocks.size) + blocks.tobytes()
                  + struct.pack("<i", values.size) + values.tobytes())
