"""Makes tiny random models of the families with PyPI's transformers, their GGUF with llama.cpp's own converter, and transformers' logits.

    python3 tests/data/make_tiny_families.py FOLDER LLAMA_CPP        (tests/data/families, the source of llama.cpp)

For each family FOLDER/NAME has config.json and model.safetensors, FOLDER/NAME.gguf is the same, and FOLDER/logits.json has the tokens and, of the last
positions, the logits. The converter's vocabulary step is replaced: the models have none. Seeded.
"""
import importlib
import json
import pathlib
import runpy
import sys

import torch
import transformers

SHAPE = dict(vocab_size=48, hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
             max_position_embeddings=512, rms_norm_eps=1e-5, bos_token_id=1, eos_token_id=2, torch_dtype="float32")
TOKENS = 40
LAST = 8  # positions whose logits are kept: behind the sliding window, among others

LLAMA3 = dict(rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=32)

FAMILIES = {
    "llama": lambda: transformers.LlamaForCausalLM(transformers.LlamaConfig(**SHAPE, rope_theta=10000.0, tie_word_embeddings=False)),
    "llama3": lambda: transformers.LlamaForCausalLM(transformers.LlamaConfig(**SHAPE, rope_theta=500000.0, rope_scaling=LLAMA3, head_dim=16,
                                                                               tie_word_embeddings=True)),
    "mistral": lambda: transformers.MistralForCausalLM(transformers.MistralConfig(**SHAPE, rope_theta=10000.0, sliding_window=12, head_dim=8,
                                                                                  tie_word_embeddings=False)),
    "qwen2": lambda: transformers.Qwen2ForCausalLM(transformers.Qwen2Config(**SHAPE, rope_theta=1000000.0, tie_word_embeddings=True)),
    "qwen3": lambda: transformers.Qwen3ForCausalLM(transformers.Qwen3Config(**SHAPE, rope_theta=1000000.0, head_dim=16, tie_word_embeddings=True)),
    "smollm2": lambda: transformers.LlamaForCausalLM(transformers.LlamaConfig(**SHAPE, rope_theta=100000.0, tie_word_embeddings=True)),
}


def randomise(model, generator):
    """Weights that F16 has, of the size that keeps activations near 1, norms near 1, biases that matter."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            if "norm" in name:
                parameter.copy_(1 + 0.2 * noise)
            elif name.endswith("bias"):
                parameter.copy_(0.5 * noise)
            else:
                parameter.copy_(noise * (1.5 if "embed" in name else parameter.shape[-1] ** -0.5 * 1.2))
            parameter.copy_(parameter.half().float())


def replace_vocabulary_step(llama_cpp):
    sys.path[:0] = [str(llama_cpp), str(llama_cpp / "gguf-py")]
    for family in ("llama", "mistral", "qwen"):
        importlib.import_module(f"conversion.{family}")
    for by_name in importlib.import_module("conversion.base").ModelBase._model_classes.values():
        for kind in by_name.values():
            if hasattr(kind, "set_vocab"):
                kind.set_vocab = lambda self: self._set_vocab_none()


def convert(llama_cpp, folder, gguf):
    """Runs the converter's own program."""
    arguments = sys.argv
    sys.argv = ["convert_hf_to_gguf.py", str(folder), "--outfile", str(gguf), "--outtype", "f16"]
    try:
        runpy.run_path(str(llama_cpp / "convert_hf_to_gguf.py"), run_name="__main__")
    finally:
        sys.argv = arguments


def main():
    target, llama_cpp = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    generator = torch.Generator().manual_seed(11)
    results = {}
    replace_vocabulary_step(llama_cpp)
    for name, make in FAMILIES.items():
        model = make().eval()
        randomise(model, generator)
        folder = target / name
        tokens = torch.randint(3, SHAPE["vocab_size"], (1, TOKENS), generator=generator)
        with torch.no_grad():
            logits = model(tokens).logits[0, -LAST:]
        model.half().save_pretrained(folder)
        (folder / "generation_config.json").unlink(missing_ok=True)
        results[name] = {"tokens": tokens[0].tolist(), "logits": [[round(float(value), 6) for value in row] for row in logits]}
        convert(llama_cpp, folder, target / f"{name}.gguf")
    (target / "logits.json").write_text(json.dumps(results), encoding="utf-8")


main()
