"""Writes block_formats.json: random blocks of each type and the f32 values PyPI's gguf gives for them.

Bytes are hexadecimal, values are the bytes of little-endian f32. With the demo model as an argument
it also prints the XXH3-64 of all its tensors, dequantised and laid end to end (needs PyPI's xxhash)."""
import json
import os
import sys

import gguf
import numpy as np

TYPES = {"F16": (1, 2), "BF16": (1, 2), "Q4_0": (32, 18), "Q4_1": (32, 20), "Q5_0": (32, 22), "Q5_1": (32, 24), "Q8_0": (32, 34),
         "Q2_K": (256, 84), "Q3_K": (256, 110), "Q4_K": (256, 144), "Q5_K": (256, 176), "Q6_K": (256, 210),
         "IQ4_NL": (32, 18), "IQ4_XS": (256, 136)}
SCALES = {"Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0], "F16": [0], "BF16": [],
          "Q2_K": [80, 82], "Q3_K": [108], "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208], "IQ4_NL": [0], "IQ4_XS": [0]}


def finite_halves(random, count):
    bits = random.integers(0, 1 << 16, count, dtype=np.uint16)
    return np.where(bits & 0x7C00 == 0x7C00, bits & 0x83FF, bits).astype(np.uint16)


def vectors():
    random = np.random.default_rng(4)
    result = {}
    for name, (elements, size) in TYPES.items():
        count = {1: 256, 32: 24, 256: 6}[elements]
        blocks = random.integers(0, 256, (count, size), dtype=np.uint8)
        for at in SCALES[name]:
            blocks[:, at:at + 2] = finite_halves(random, count).view(np.uint8).reshape(count, 2)
        if name == "BF16":  # no infinity, no NaN: their bits may differ
            blocks[:, 1] &= 0xBF
        values = gguf.quants.dequantize(blocks.reshape(-1), gguf.GGMLQuantizationType[name])
        result[name] = {"blocks": blocks.tobytes().hex(), "values": values.astype("<f4").tobytes().hex()}
    return result


def model_hash(path):
    import xxhash
    state = xxhash.xxh3_64()
    for tensor in gguf.GGUFReader(path).tensors:
        state.update(gguf.quants.dequantize(tensor.data, tensor.tensor_type).astype("<f4").tobytes())
    return state.hexdigest()


if len(sys.argv) > 1:
    print(model_hash(sys.argv[1]))
else:
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "block_formats.json"), "w") as out:
        json.dump(vectors(), out, indent=0)
        out.write("\n")
