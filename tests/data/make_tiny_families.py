#!/usr/bin/env python3
"""Makes the tiny random models of tests/data/families and what transformers answers with them.

    python3 make_tiny_families.py SOURCE-OF-LLAMA.CPP OUT-FOLDER

Needs torch 2.4.1, transformers 4.53.3 and the converter in llama.cpp's source (llama-cpp-python 0.3.36), whose vocabulary step is
replaced: the models have no tokenizer. Weights are rounded to F16, so that the folder and the GGUF file hold the same numbers; logits are
computed in f32. The prompt is longer than Mistral's window and than the original context of Llama 3's rope scaling.
"""
import json
import pathlib
import shutil
import sys

import torch
import transformers

COMMON = dict(vocab_size=96, hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
              head_dim=16, max_position_embeddings=128, rope_theta=10000.0, rms_norm_eps=1e-5, tie_word_embeddings=False,
              bos_token_id=1, eos_token_id=2)
SCALING = dict(rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=16)
FAMILIES = {
    "llama3": (transformers.LlamaConfig, transformers.LlamaForCausalLM, dict(rope_scaling=SCALING)),
    "mistral": (transformers.MistralConfig, transformers.MistralForCausalLM, dict(sliding_window=8)),
    "qwen2": (transformers.Qwen2Config, transformers.Qwen2ForCausalLM, dict(head_dim=8, rms_norm_eps=1e-6)),  # has no head_dim of its own
    "qwen3": (transformers.Qwen3Config, transformers.Qwen3ForCausalLM, dict(tie_word_embeddings=True, rms_norm_eps=1e-6)),
    "smollm2": (transformers.LlamaConfig, transformers.LlamaForCausalLM, dict(head_dim=8, tie_word_embeddings=True, num_key_value_heads=1)),
}
TOKENS = 40


def make_model(name, folder):
    config_class, model_class, fields = FAMILIES[name]
    torch.manual_seed(sum(map(ord, name)))
    config = config_class(**{**COMMON, **fields}, attn_implementation="eager")
    model = model_class(config).eval()
    with torch.no_grad():
        for key, value in model.named_parameters():
            spread = 0.3 if value.dim() == 2 or key.endswith("bias") else 0.1
            value.copy_(torch.randn_like(value) * spread + (1.0 if "norm" in key else 0.0))
            value.copy_(value.half().float())
    ids = torch.randint(3, COMMON["vocab_size"], (TOKENS,))
    with torch.no_grad():
        logits = model(ids[None], use_cache=False).logits[0].float()
    model.half().save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    torch_like = {"ids": ids.to(torch.int32), "logits": logits.contiguous()}
    from safetensors.torch import save_file
    save_file(torch_like, folder / "expected.safetensors.data")


def convert(source, folder):
    sys.path[:0] = [str(source), str(source / "gguf-py")]
    import gguf
    from conversion import ModelBase, ModelType, get_model_architecture, get_model_class
    fields = ModelBase.load_hparams(folder, False)
    model_class = get_model_class(get_model_architecture(fields, ModelType.TEXT))
    model_class.set_vocab = lambda self: self._set_vocab_none()
    with torch.inference_mode():
        model_class(folder, gguf.LlamaFileType.MOSTLY_F16, folder.parent / (folder.name + ".gguf")).write()


def main():
    source, out = map(pathlib.Path, sys.argv[1:3])
    for name in FAMILIES:
        folder = out / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        make_model(name, folder)
        convert(source, folder)
        (folder / "expected.safetensors.data").rename(out / (name + ".expected.safetensors"))
        print(name, json.dumps({p.name: p.stat().st_size for p in sorted(out.glob(name + "*")) if p.is_file()}))


if __name__ == "__main__":
    main()
