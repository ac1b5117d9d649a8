#!/usr/bin/env bash
# Speed beside llama.cpp on the same machine, in one run: makes llama.cpp's files of one model, then lets both programs answer and read a
# prompt in turn, and prints ratios of medians.
#
#   bash tests/bench/compare_llama_cpp.sh --model MODEL.gguf --stack FILE.bitstack
#
# MODEL.gguf is the dense model (F32 or F16), FILE.bitstack the same one compressed. Each pair of LIST is a type of llama.cpp (its embedding in
# Q8_0) and the size of ours beside it: "=" for as many bytes as its file.
#
# Needs:  what tests/bench/peers_llama_cpp.sh needs; python3. The first run builds llama.cpp (10 minutes).
#
#   --pairs "TYPE:SIZE ..."   (Q8_0:= Q4_K_M:= Q3_K_S:= Q8_0:110MB Q4_K_M:85MB IQ3_S:67MB IQ2_M:60MB)
#   --repeat N                times that both are run (5)
#   --tokens N                tokens of an answer (64), --prompt N   tokens of a prompt (512)
#   --threads N               (2)
#   --cache DIR               what is built and made (~/.cache/bitstack/peers)
#   --imatrix-text FILE       text for the importance matrix (../shared/data/wikitext2-valid.txt)
#   --bitstack FILE           the program (build/release/bin/bitstack)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
model='' stack='' repeat=5 tokens=64 prompt=512 threads=2 cache=${XDG_CACHE_HOME:-$HOME/.cache}/bitstack/peers
imatrixText=$root/../shared/data/wikitext2-valid.txt bitstack=$root/build/release/bin/bitstack
pairs='Q8_0:= Q4_K_M:= Q3_K_S:= Q8_0:110MB Q4_K_M:85MB IQ3_S:67MB IQ2_M:60MB'

fail() {
    echo "compare_llama_cpp.sh: $1" >&2
    exit "${2:-1}"
}

while [ $# -gt 0 ]; do
    case $1 in
        -h | --help) sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$0" && exit 0 ;;
    esac
    [ $# -ge 2 ] || fail "$1 wants a value, or is no option (see --help)" 2
    case $1 in
        --model) model=$2 ;;
        --stack) stack=$2 ;;
        --pairs) pairs=$2 ;;
        --repeat) repeat=$2 ;;
        --tokens) tokens=$2 ;;
        --prompt) prompt=$2 ;;
        --threads) threads=$2 ;;
        --cache) cache=$2 ;;
        --imatrix-text) imatrixText=$2 ;;
        --bitstack) bitstack=$2 ;;
        *) fail "no option $1 (see --help)" 2 ;;
    esac
    shift 2
done
for file in "$model" "$stack" "$imatrixText" "$bitstack"; do
    [ -f "$file" ] || fail "'$file' is missing (see --help)" 3
done
mkdir -p "$cache"
cache=$(realpath "$cache")
# shellcheck source=tests/bench/llama_cpp.sh
source "$here/llama_cpp.sh"
buildTools llama-quantize llama-imatrix llama-bench

files=$cache/speed-$(sha256sum <"$model" | cut -c 1-12)
mkdir -p "$files"
model=$(realpath "$model") imatrixText=$(realpath "$imatrixText")
cd "$files"
makeImatrix
cd "$OLDPWD"
for pair in $pairs; do
    type=${pair%%:*}
    [ -f "$files/$type.gguf" ] && continue
    "$build/bin/llama-quantize" --imatrix "$files/imatrix.gguf" --token-embedding-type Q8_0 "$model" "$files/partial.gguf" "$type" \
        "$threads" >"$files/quantize.log" 2>&1 </dev/null || fail "llama-quantize refused $type: see $files/quantize.log"
    mv "$files/partial.gguf" "$files/$type.gguf"
done

python3 - "$files" "$stack" "$bitstack" "$build/bin/llama-bench" "$repeat" "$tokens" "$prompt" "$threads" "$pairs" <<'PY'
import json, os, statistics, subprocess, sys

files, stack, bitstack, llama_bench, repeat, tokens, prompt, threads, pairs = sys.argv[1:]


def run(command):
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def theirs(path):
    """Tokens a second of an answer and of a prompt."""
    command = [llama_bench, "-m", path, "-p", prompt, "-n", tokens, "-t", threads, "-r", "1", "-o", "json"]
    by_kind = {bool(test["n_gen"]): test["avg_ts"] for test in run(command)}
    return by_kind[True], by_kind[False]


def ours(size):
    def bench(read, answer):
        return run([bitstack, "bench", stack, "--budget", size, "--prompt-tokens", read, "--generate-tokens", answer, "--threads", threads,
                    "--repeat", "1", "--json"])
    answer = bench("1", tokens)  # llama-bench answers to nothing, too
    return answer["generate_tokens_per_second"], bench(prompt, "1")["prompt_tokens_per_second"], answer["bandwidth_fraction"]


print("| llama.cpp | bytes | ours | answer, tokens/s | | prompt, tokens/s | | of the memory's reads |")
print("|---|---|---|---|---|---|---|---|")
for pair in pairs.split():
    kind, _, size = pair.partition(":")
    path = f"{files}/{kind}.gguf"
    bytes_ = os.path.getsize(path)
    if size == "=":
        size = str(bytes_)
    peer, own = [], []
    for _ in range(int(repeat)):
        peer.append(theirs(path))
        own.append(ours(size))
    median = lambda runs, i: statistics.median(run[i] for run in runs)
    ratios = lambda i: statistics.median(o[i] / p[i] for o, p in zip(own, peer))
    print(f"| {kind} | {bytes_:,} | {size} | {median(own, 0):.1f} / {median(peer, 0):.1f} | **{ratios(0):.2f}** | "
          f"{median(own, 1):.0f} / {median(peer, 1):.0f} | **{ratios(1):.2f}** | {median(own, 2):.2f} |", flush=True)
PY
