"""Makes small tokenizers of all supported kinds with PyPI's tokenizers and sentencepiece, and what these make of 1,000 random texts.

    python3 tests/data/make_tokenizer_cases.py FOLDER        (tests/data/tokenizers)

Leaves a folder with a tokenizer.json or tokenizer.model for each kind, texts.json (the texts) and ids.json: for each kind and text how many ids there
are and an FNV-1a hash of them (ids as four bytes each, lowest first). Seeded: the same versions make the same files.
"""
import io
import json
import pathlib
import random
import sys

import sentencepiece
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

WORDS = """the of and to in is that it was for on with as at by from his her not but they this have are be or an which one you were all their there been
has when who will no more if out so up what about into than them can only other new some time could these two may then do first any my now such like our over man me
even most made after also did many before must through years where much your way well down should because each just those people how too little state good very make world
still see own men work long here get both between being under never day same another know while last might us great old year off come since against go came right used take
three naïve Straße мир город 世界 日本語 한국어 العربية été ﬁne ① ½ Ⅳ don't we'll I'm they've it's x=1; print("hi") {"a": [1, 2]} http://a.b/c?d=e 3.14 1,000,000 2024""".split()
MARKS = ["\u0301", "\u0308", "\u200d", "\ufe0f", "\u00ad", "\u200b"]
ODD = ["😀", "👩‍🚀", "🇩🇪", "é", "e\u0301", "Å", "ﬃ", "㍿", "①", "\u00a0", "\u3000", "\u180e", "\u2028", "\ufeff", "\x00", "\x01", "\x7f", "\t", "\r", "\n", "\r\n", "▁", "Ġ", "İ", "ß", "ǅ", "ａ", "１", "𝒳", "𐍈", "क्षि",
       "ตัว", "<s>", "</s>", "<|end|>", "<unk>", "<0x41>", "[INST]"]


def random_text(r):
    pieces = []
    for _ in range(r.randint(0, 14)):
        kind = r.random()
        if kind < 0.45:
            word = r.choice(WORDS)
            pieces.append(word.upper() if r.random() < 0.1 else word.capitalize() if r.random() < 0.2 else word)
        elif kind < 0.60:
            pieces.append(r.choice(ODD))
        elif kind < 0.70:
            pieces.append(str(r.randint(0, 10 ** r.randint(1, 9))))
        elif kind < 0.78:
            pieces.append("".join(r.choice("!?.,;:'\"()[]{}-_=+*/\\|<>@#$%^&~`") for _ in range(r.randint(1, 5))))
        elif kind < 0.86:
            pieces.append(r.choice([" ", "  ", "\n", "\n\n", "\t", " \n ", "   "]) * r.randint(1, 3))
        elif kind < 0.93:
            pieces.append(chr(r.choice([r.randint(0x20, 0x7E), r.randint(0xA0, 0x24F), r.randint(0x370, 0x5FF), r.randint(0x900, 0xDFF), r.randint(0x4E00, 0x9FFF),
                                         r.randint(0xAC00, 0xD7A3), r.randint(0x1F300, 0x1F6FF)])))
        else:
            pieces.append(r.choice("aeoun") + r.choice(MARKS))
        if r.random() < 0.6:
            pieces.append(" ")
    return "".join(pieces)


def corpus(r):
    lines = []
    for _ in range(3000):
        words = [r.choice(WORDS) for _ in range(r.randint(3, 12))]
        lines.append(" ".join(words) + r.choice([".", "!", "?", "\n", " 12", " 2024;"]))
    return lines


GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
LLAMA3 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
QWEN2 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"


def split(pattern, behavior="isolated", invert=False):
    return pre_tokenizers.Split(Regex(pattern), behavior, invert)


def byte_level(cutting, normalizer=None, **options):
    def make(lines):
        tokenizer = Tokenizer(models.BPE(**options))
        tokenizer.pre_tokenizer = cutting
        if normalizer is not None:
            tokenizer.normalizer = normalizer
        tokenizer.decoder = decoders.ByteLevel()
        trainer = trainers.BpeTrainer(vocab_size=420, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), special_tokens=["<s>", "</s>", "<|end|>"],
                                      show_progress=False)
        tokenizer.train_from_iterator(lines, trainer)
        tokenizer.add_tokens([AddedToken("[INST]", normalized=False, special=False)])
        return tokenizer
    return make


def byte_part(**options):
    return pre_tokenizers.ByteLevel(add_prefix_space=False, **options)


def sequence(*parts):
    return pre_tokenizers.Sequence(list(parts))


def llama2(lines):
    """As transformers converts Llama 2's: merges over characters, bytes for what no token stands for."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    special = ["<unk>", "<s>", "</s>"] + [f"<0x{byte:02X}>" for byte in range(256)]
    trainer = trainers.BpeTrainer(vocab_size=620, special_tokens=special, show_progress=False, limit_alphabet=80)
    tokenizer.train_from_iterator([line.replace("\n", " ") for line in lines], trainer)
    # bytes are ordinary tokens, not looked for in texts
    state = json.loads(tokenizer.to_str())
    state["added_tokens"] = [token for token in state["added_tokens"] if not token["content"].startswith("<0x")]
    return Tokenizer.from_str(json.dumps(state))


def metaspace_unigram(lines):
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    trainer = trainers.UnigramTrainer(vocab_size=400, special_tokens=["<unk>", "<s>", "</s>"], unk_token="<unk>", show_progress=False)
    tokenizer.train_from_iterator(lines, trainer)
    return tokenizer


HUGGING_FACE = {
    "gpt2": byte_level(byte_part(use_regex=True)),
    "smollm": byte_level(sequence(pre_tokenizers.Digits(individual_digits=True), byte_part(use_regex=True))),
    "llama3": byte_level(sequence(split(LLAMA3), byte_part(use_regex=False)), ignore_merges=True),
    "qwen2": byte_level(sequence(split(QWEN2), byte_part(use_regex=False)), normalizers.NFC()),
    "splits": byte_level(sequence(split(r"[\r\n]"), split(r"\s?\p{L}+"), split(r"\s?\p{P}+", "merged_with_previous"), split(r"\d", "contiguous"),
                                  byte_part(use_regex=False))),
    "llama2": llama2,
    "unigram": metaspace_unigram,
}

SENTENCE_PIECE = {
    "spm_bpe": dict(model_type="bpe", byte_fallback=True, normalization_rule_name="identity", remove_extra_whitespaces=False),
    "spm_bpe_nmt": dict(model_type="bpe", byte_fallback=False, normalization_rule_name="nmt_nfkc"),
    "spm_unigram": dict(model_type="unigram", byte_fallback=True, normalization_rule_name="nfkc", add_dummy_prefix=False),
    "spm_unigram_nmt": dict(model_type="unigram", byte_fallback=False, normalization_rule_name="nmt_nfkc"),
}


def hash_of(ids):
    value = 0x811C9DC5
    for number in ids:
        for byte in int(number).to_bytes(4, "little"):
            value = (value ^ byte) * 0x01000193 % 2**32
    return value


def main():
    folder = pathlib.Path(sys.argv[1])
    r = random.Random(7)
    lines = corpus(r)
    texts = [random_text(r) for _ in range(1000)]
    ids = {}
    for name, make in HUGGING_FACE.items():
        tokenizer = make(lines)
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "tokenizer.json").write_text(json.dumps(json.loads(tokenizer.to_str()), ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
        ids[name] = [tokenizer.encode(text, add_special_tokens=False).ids for text in texts]
    for name, options in SENTENCE_PIECE.items():
        model = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(sentence_iterator=iter([line.replace("\n", " ") for line in lines]), model_writer=model,
                                                 vocab_size=700 if options.get("byte_fallback") else 400, user_defined_symbols=["[INST]"],
                                                 control_symbols=["<|end|>"], hard_vocab_limit=False, minloglevel=2, num_threads=1, **options)
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "tokenizer.model").write_bytes(model.getvalue())
        processor = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
        ids[name] = [processor.encode(text) for text in texts]
    (folder / "texts.json").write_text(json.dumps(texts, ensure_ascii=True, indent=0), encoding="utf-8")
    packed = {name: " ".join(f"{len(of)}:{hash_of(of):08x}" for of in lists) for name, lists in ids.items()}
    (folder / "ids.json").write_text(json.dumps(packed, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
