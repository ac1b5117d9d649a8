#!/usr/bin/env bash
# Makes every figure of the README and of the codecs' READMEs again, one benchmark after the other; hours, most of them llama.cpp's files.
#
#   bash tests/bench/run_all.sh TWIN.gguf FOLDER [RESULTS]
#
# TWIN.gguf: the demo model with its weights off the 4-bit grid (what curve.sh and the comparisons take); FOLDER holds the texts that demo.sh and
# curve.sh name. RESULTS (bench-results): a file of each benchmark's output. Alone on the machine: speeds are meaningless beside other work.
set -uo pipefail
cd "$(dirname "$0")/../.."
twin=${1:?usage: run_all.sh TWIN.gguf FOLDER [RESULTS]}
data=${2:?usage: run_all.sh TWIN.gguf FOLDER [RESULTS]}
results=${3:-bench-results}
bin=build/release/bin
stack=$results/twin.bitstack
mkdir -p "$results"
failed=0

bench() { # NAME COMMAND..
    local name=$1
    shift
    echo "== $name"
    "$@" >"$results/$name.txt" 2>"$results/$name.log" || { echo "   failed, see $results/$name.log" && failed=1; }
}

bench compress "$bin/bitstack" compress "$twin" -o "$stack" --force --calibration "$data/calibration-mixed.txt" --json
bench curve env STACK="$stack" bash tests/bench/curve.sh "$twin" "$data"
bench published bash tests/bench/demo.sh "$data"
bench product "$bin/bench_nested" --check
bench accuracy "$bin/bench_direct" "$stack" "$data/wikitext2-test-a.txt" 12 40MB 61MB 88.2MB 150MB
bench slide "$bin/bench_slide" "$stack" 800
bench large "$bin/bench_large" "$results/large.bitstack"
bench kernels "$bin/bench_kernels"
bench encode "$bin/bench_encode"
bench growth "$bin/bench_encode" --growth
bench svd "$bin/bench_svd" "$twin"
bench refined "$bin/bench_refined" "$twin" "$data/calibration-mixed.txt"
bench sass bash tests/bench/sass/sass.sh
bench peers bash tests/bench/peers_llama_cpp.sh --model "$twin" --against "$stack"
bench speed bash tests/bench/compare_llama_cpp.sh --model "$twin" --stack "$stack"
exit "$failed"
