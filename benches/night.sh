#!/usr/bin/env bash
# A night of a synthetic bank, measured as a whole process: seconds, processor seconds, peak memory.
# usage: benches/night.sh CLIENTS [FOLDER] [more options of `clientele run`]
# The bank is made once per folder (1,000 clients are about 2.5 MB of extracts on disk).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

clients=${1:?usage: benches/night.sh CLIENTS [FOLDER] [options of run]}
folder=${2:-${TMPDIR:-/tmp}/clientele-bench-$clients}
shift $(($# > 1 ? 2 : 1))
as_of=2026-11-20

cargo build --release --locked --quiet
program="${CARGO_TARGET_DIR:-target}/release/clientele"

mkdir -p "$folder"
if [ ! -e "$folder/night/20261120" ]; then
    "$program" synth --clients "$clients" --seed 7 --as-of "$as_of" --out "$folder" | tail -n 1
fi
rm -rf "$folder/lake"
measured="$folder/measured.txt"
timed=()
[ -x /usr/bin/time ] && timed=(/usr/bin/time -v -o "$measured")
"${timed[@]}" "$program" run jobs/nightly.toml --as-of "$as_of" --extracts "$folder/night/20261120" \
    --lake "$folder/lake" --progress plain "$@"
[ ! -e "$measured" ] || grep -E "Elapsed|User time|System time|Maximum resident" "$measured"
