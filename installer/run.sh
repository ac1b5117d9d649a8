#!/usr/bin/env bash
# From a clone to the running program: installs what is missing, builds, fetches the demo model and
# opens the workbench. Without a display the same job is done through the command line, and a chart
# is written as a picture. Arguments are handed to the workbench; --no-window asks for the latter way.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
cd "$here"

window=yes
if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    window=no
fi
arguments=()
for argument in "$@"; do
    case "$argument" in
    --no-window) window=no ;;
    *) arguments+=("$argument") ;;
    esac
done

bash installer/setup.sh
cmake --preset release --log-level=WARNING
cmake --build build/release -j "$(nproc)"
model=$(bash installer/fetch-demo-model.sh)
export PATH="$here/build/release/bin:$PATH"

if [ "$window" = yes ]; then
    echo "run.sh: opening the workbench; the demo model is $model"
    exec bitstack-workbench "${arguments[@]}"
fi

say() { printf '\n== %s\n' "$*"; }
# field NAME...: those numbers of the JSON object on standard input, as words.
field() { python3 -c 'import json, sys
value = json.load(sys.stdin)
for key in sys.argv[1:]: value = value[key]
print(value)' "$@"; }

say "no display: the same job through the command line"
out=${XDG_DATA_HOME:-$HOME/.local/share}/bitstack/demo
mkdir -p "$out"
bitstack inspect "$model"

stack=$out/demo.bitstack
if bitstack inspect "$stack" --json >/dev/null 2>&1; then
    say "already compressed: $stack"
else
    say "compressing; the model writes its own calibration text"
    bitstack compress "$model" -o "$stack" --force
fi

card=$(bitstack inspect "$stack" --json)
smallest=$(field stack smallest_bytes <<<"$card")
largest=$(field stack largest_bytes <<<"$card")
half=$(((smallest + largest) / 2))

say "what a budget of $half bytes buys, and a copy of the file at that size"
printf 'a plan of %s bytes\n' "$(bitstack plan "$stack" --budget "$half" --json | field file_bytes)"
bitstack trim "$stack" --budget "$half" -o "$out/demo-half.bitstack" --force

say "an answer at that size"
bitstack generate "$stack" --budget "$half" --prompt "What is the capital of France?" \
    --temperature 0 --max-tokens 40

# The licence is the one long text that every copy of the program has.
say "perplexity of the licence's text, dense and at five sizes"
settings=(--text LICENSE --context 512 --chunks 4)
bitstack eval perplexity "$model" "${settings[@]}"
budgets=()
for step in 0 1 2 3 4; do
    budgets+=(--budget $((smallest + (largest - smallest) * step / 4)))
done
bitstack eval perplexity "$stack" "${settings[@]}" "${budgets[@]}"

chart=$out/chart.png
QT_QPA_PLATFORM=offscreen bitstack-workbench --export-chart "$chart"
say "done"
echo "The chart of all measurements so far: $chart"
echo "The compressed model:                 $stack"
