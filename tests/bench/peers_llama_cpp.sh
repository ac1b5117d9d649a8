#!/usr/bin/env bash
# The fixed-size files that BitStack is compared with: builds llama.cpp, makes files of one model in
# 52 pairs of quantization type and token-embedding type, and measures the perplexity of each.
#
#   bash tests/bench/peers_llama_cpp.sh --model MODEL.gguf [--against FILE.bitstack]
#
# MODEL.gguf is the dense model (F32 or F16). Compare on a model whose weights do not lie on a
# quantizer's grid: the demo model as released does, and formats with groups of 32 get it back for free.
#
# Needs:  cmake, ninja, a C++17 compiler, python3 with pip and venv, and for the first run the network
#         (77 MB: PyPI's source package of llama-cpp-python, which carries all of llama.cpp);
#         room for the build (0.3 GB) and two files of the model. MODEL.gguf is never changed.
# Takes:  with two cores and the demo model (135 million parameters): 10 minutes to build, 2 for the
#         importance matrix, then about a minute a pair. What is built and measured is kept, a line a
#         pair as soon as it is known, so it can be stopped at any time and goes on where it was.
#
# Options:
#   --model FILE          the dense model
#   --text FILE           text to predict (default ../shared/data/wikitext2-test-a.txt)
#   --imatrix-text FILE   text for the importance matrix (default ../shared/data/wikitext2-valid.txt)
#   --chunks N, --context N   windows scored, tokens a window (8 of 2048; the second half counts)
#   --threads N           threads to measure with, and jobs to build with (2)
#   --cache DIR           what is built and measured (default ~/.cache/bitstack/peers)
#   --out DIR             where peers.md and peers.jsonl go (default: beside the measurements)
#   --pairs "A/B ..."     other pairs than the list below, type/embedding type
#   --build-only          build llama.cpp and stop
#   --table-only          measure nothing, print what is known (tests/bench/peers has what was measured of the demo model's twin)
#   --against FILE        print FILE (.bitstack) at some sizes beside the best peer of at most that size
#   --budgets "SIZE ..."  those sizes (150MB 105.5MB 88.2MB 75MB 61MB 50MB 40MB)
#   --bitstack FILE       the program to measure it with (build/release/bin/bitstack)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

# Ordered so that what decides comes first. A row of 576 is no multiple of 256: there llama.cpp puts a
# type with blocks of 32 in place of a type with blocks of 256, so judge by bytes, not by the name.
# Q6_K/Q6_K shows that an embedding that does not fit is refused.
pairs="Q8_0/Q8_0 IQ3_S/IQ4_NL Q4_K_M/Q8_0 Q4_1/Q5_1 Q4_1/Q5_0 IQ4_XS/IQ4_NL Q5_1/Q5_1 Q4_1/Q4_1
Q4_K_S/IQ4_NL Q4_1/IQ4_NL Q6_K/Q8_0 Q5_K_M/Q8_0 Q5_0/Q8_0 IQ3_M/IQ4_NL IQ3_S/Q8_0 Q5_K_M/Q5_1
IQ4_XS/Q5_1 IQ4_NL/Q5_1 Q2_0/IQ4_NL Q5_K_S/Q8_0 Q4_K_M/Q5_1 Q4_K_S/Q5_1 Q4_K_S/Q8_0
Q3_K_M/IQ4_NL IQ3_XS/IQ4_NL IQ3_XXS/IQ4_NL Q2_0/Q5_1 Q2_0/Q2_0 Q5_K_S/Q5_1 IQ4_NL/IQ4_NL
IQ2_M/IQ4_NL Q5_1/Q8_0 Q4_1/Q8_0 Q4_K_M/IQ4_NL Q5_0/Q5_1 Q4_0/Q5_1 IQ4_XS/Q8_0 Q3_K_L/IQ4_NL
Q3_K_S/IQ4_NL IQ2_S/IQ4_NL IQ2_XS/IQ4_NL IQ2_XXS/IQ4_NL IQ1_M/IQ4_NL IQ1_S/IQ4_NL Q2_K/IQ4_NL
Q2_K_S/IQ4_NL Q6_K/Q5_1 Q5_0/Q5_0 IQ3_S/Q5_1 Q3_K_M/Q8_0 Q4_0/Q4_0 IQ4_XS/Q2_0 Q6_K/Q6_K"

model='' text=$root/../shared/data/wikitext2-test-a.txt imatrixText=$root/../shared/data/wikitext2-valid.txt
chunks=8 context=2048 threads=2 cache=${XDG_CACHE_HOME:-$HOME/.cache}/bitstack/peers out=''
mode=measure against='' budgets='150MB 105.5MB 88.2MB 75MB 61MB 50MB 40MB'
bitstack=$root/build/release/bin/bitstack

fail() {
    echo "peers_llama_cpp.sh: $1" >&2
    exit "${2:-1}"
}

while [ $# -gt 0 ]; do
    case $1 in
        --build-only) mode=build && shift && continue ;;
        --table-only) mode=table && shift && continue ;;
        -h | --help) sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$0" && exit 0 ;;
    esac
    [ $# -ge 2 ] || fail "$1 wants a value, or is no option (see --help)" 2
    case $1 in
        --model) model=$2 ;;
        --text) text=$2 ;;
        --imatrix-text) imatrixText=$2 ;;
        --chunks) chunks=$2 ;;
        --context) context=$2 ;;
        --threads) threads=$2 ;;
        --cache) cache=$2 ;;
        --out) out=$2 ;;
        --pairs) pairs=$2 ;;
        --against) against=$2 ;;
        --budgets) budgets=$2 ;;
        --bitstack) bitstack=$2 ;;
        *) fail "no option $1 (see --help)" 2 ;;
    esac
    shift 2
done

needFile() { [ -f "$2" ] || fail "$1: $2 is missing" 3; }
needPositive() { [[ $2 =~ ^[1-9][0-9]{0,8}$ ]] || fail "$1 must be a positive whole number, not $2" 2; }
needPositive --chunks "$chunks"
needPositive --context "$context"
needPositive --threads "$threads"
if [ "$mode" != build ]; then
    [ -n "$model" ] || fail "give the dense model with --model FILE" 2
    needFile --model "$model"
    needFile --text "$text"
    needFile --imatrix-text "$imatrixText"
    model=$(realpath "$model") text=$(realpath "$text") imatrixText=$(realpath "$imatrixText")
fi
if [ -n "$against" ]; then
    needFile --against "$against"
    [ -x "$bitstack" ] || fail "--bitstack: $bitstack is missing; build it or name another" 3
fi
mkdir -p "$cache"
cache=$(realpath "$cache")

# shellcheck source=tests/bench/llama_cpp.sh
source "$here/llama_cpp.sh"

# One folder of measurements for each model, texts and window: others do not mix with it.
resultFolder() {
    local digest
    digest=$({
        sha256sum <"$model"
        sha256sum <"$text"
        sha256sum <"$imatrixText"
        echo "$version $context $chunks"
    } | sha256sum | cut -c 1-12)
    echo "$cache/$(basename "$model" .gguf)-$digest"
}

# measurePair TYPE EMBEDDING: appends one line to peers.jsonl, or the reason why there is no such file.
measurePair() {
    local type=$1 embedding=$2 file=peer.gguf started=$SECONDS status=0 final
    local key="{\"type\":\"$type\",\"embedding\":\"$embedding\","
    grep -qsF "$key" peers.jsonl && return
    rm -f "$file"
    "$build/bin/llama-quantize" --imatrix imatrix.gguf --token-embedding-type "$embedding" \
        "$model" "$file" "$type" "$threads" >quantize.log 2>&1 </dev/null || status=$?
    case $status in
        129 | 130 | 137 | 143) fail "llama-quantize was stopped by signal $((status - 128))" ;;
    esac
    # It says no by an exit code, an abort or a crash: all three mean that there is no such file.
    if [ "$status" -ne 0 ]; then
        echo "$type with embedding $embedding: refused by llama-quantize" >&2
        echo "$key\"refused\":true}" >>peers.jsonl
        return
    fi
    "$build/bin/llama-perplexity" -m "$file" -f "$text" -c "$context" --chunks "$chunks" \
        -t "$threads" >perplexity.log 2>&1 </dev/null ||
        fail "llama-perplexity failed: see $PWD/perplexity.log"
    final=$(sed -En '/Final estimate/s|.*PPL = ([0-9.]+) \+/- ([0-9.]+).*|"perplexity":\1,"perplexity_error":\2|p' \
        perplexity.log | head -n 1)
    [ -n "$final" ] || fail "no perplexity in $PWD/perplexity.log"
    echo "$key\"bytes\":$(stat -c %s "$file"),$final,\"seconds\":$((SECONDS - started))}" >>peers.jsonl
    tail -n 1 peers.jsonl >&2
    rm -f "$file"
}

if [ "$mode" != table ]; then
    buildTools llama-quantize llama-imatrix llama-perplexity
fi
if [ "$mode" = build ]; then
    exit 0
fi
results=$(resultFolder)
mkdir -p "$results"
# What others measured of the same model, texts and version need not be measured again.
known=$here/peers/$(basename "$results").jsonl
if [ -f "$known" ] && [ ! -f "$results/peers.jsonl" ]; then
    cp "$known" "$results/peers.jsonl"
fi
cd "$results"
if [ "$mode" = measure ]; then
    exec 9>lock
    flock -n 9 || fail "another run is measuring in $results" 1
    makeImatrix
    for pair in $pairs; do
        [[ $pair =~ ^[A-Za-z0-9_]+/[A-Za-z0-9_]+$ ]] || fail "--pairs: $pair is not type/embedding" 2
        measurePair "${pair%/*}" "${pair#*/}"
    done
fi
[ -f peers.jsonl ] || fail "nothing is measured yet in $results" 3
cd "$OLDPWD"
table=(python3 "$here/peers_table.py" "$results/peers.jsonl" --out "${out:-$results}")
if [ -n "$against" ]; then
    read -ra budgetList <<<"$budgets"
    table+=(--against "$against" --bitstack "$bitstack" --text "$text" --chunks "$chunks"
        --context "$context" --threads "$threads" --budgets "${budgetList[@]}")
fi
"${table[@]}"
