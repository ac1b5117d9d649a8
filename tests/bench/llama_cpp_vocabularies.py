"""Compares `bitstack tokenize` with llama.cpp's test vocabularies: files of a vocabulary without tensors, beside each texts (.inp) and ids (.out). llama-cpp-python 0.3.36:
command-r, deepseek-coder, falcon, gpt-2, llama-bpe, llama-spm, mpt, phi-3, qwen2, qwen35, refact and starcoder have the same ids; bert-bge, deepseek-llm and
gemma-4 are of kinds that are refused.

    python3 tests/bench/llama_cpp_vocabularies.py FOLDER [--bitstack FILE]

FOLDER is `vendor/llama.cpp/models` of the source package llama-cpp-python. Prints a line a vocabulary; fails if an id differs.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

SEPARATOR = "\n__ggml_vocab_test__\n"


def ids_of(bitstack, vocabulary, text, folder):
    """The ids, or the words it is refused with."""
    file = pathlib.Path(folder, "text.txt")
    file.write_bytes(text.encode("utf-8"))
    run = subprocess.run([bitstack, "tokenize", vocabulary, "--text-file", file, "--json"], capture_output=True, text=True)
    if run.returncode != 0:
        return None, run.stderr.strip()
    return json.loads(run.stdout)["ids"], None


def compare(bitstack, vocabulary, folder):
    texts = pathlib.Path(f"{vocabulary}.inp").read_bytes().decode("utf-8").split(SEPARATOR)
    wanted = [[int(word) for word in line.split()] for line in pathlib.Path(f"{vocabulary}.out").read_text().split("\n")]
    wrong = []
    for text, ids in zip(texts, wanted):
        found, refusal = ids_of(bitstack, vocabulary, text, folder)
        if refusal:
            return f"refused: {refusal}", "is not known" in refusal
        if found != ids:
            wrong.append(f"{text!r}: {found} instead of {ids}")
    return f"{len(texts)} texts, {len(wrong)} with other ids" + "".join(f"\n    {line}" for line in wrong), not wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("--bitstack", default="build/release/bin/bitstack")
    arguments = parser.parse_args()
    right = True
    with tempfile.TemporaryDirectory() as folder:
        for vocabulary in sorted(pathlib.Path(arguments.folder).glob("ggml-vocab-*.gguf")):
            if not pathlib.Path(f"{vocabulary}.inp").exists():
                continue
            words, same = compare(arguments.bitstack, vocabulary, folder)
            right = right and same
            print(f"{vocabulary.stem.removeprefix('ggml-vocab-')}: {words}", flush=True)
    sys.exit(0 if right else 1)


main()
