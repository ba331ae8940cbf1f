#!/usr/bin/env bash
# The reading gate, every check on, beside DuckDB with none: the same file of events to Parquet with zstd, whole
# process, alternately. Seconds, processor seconds, peak memory; then whether both files hold the same rows.
# usage: benches/gate.sh [ROWS] [FOLDER] [RUNS] [THREADS]
# The events are made once per folder (23,000,000 rows are 2 GB, three times). DuckDB comes from PyPI.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

rows=${1:-23000000}
folder=${2:-${TMPDIR:-/tmp}/clientele-gate-$rows}
runs=${3:-3}
threads=${4:-2}
as_of=2026-11-20

cargo build --release --locked --quiet -p intake --example stage
program="${CARGO_TARGET_DIR:-target}/release/examples/stage"
mkdir -p "$folder"

# Each event is drawn from its number by whole numbers below 2^53: the same file on every machine.
events() {
    awk -v rows="$rows" '
        function money(cents) { return sprintf("%.0f.%02d", int(cents / 100), cents % 100) }
        BEGIN {
            x = 20261120; y = 7
            split("MOBILE WEB COUNTER ATM POS BATCH", channel, " ")
            split("工资代发 转账汇款 扫码支付 水电缴费 理财赎回 信用卡还款 现金存入 贷款归还 结息 手续费", summary, " ")
            split("王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙 胡 朱 高 林", family, " ")
            split("伟 芳 娜 敏 静 丽 强 磊 军 洋 勇 艳 杰 娟 涛 明 超 秀英 霞 平", given, " ")
            print "event_no|account_no|booked_on|direction|currency|amount|balance|channel|summary|counterparty"
            for (i = 1; i <= rows; i++) {
                x = (x * 16807) % 2147483647
                y = (y * 69069 + 1234567) % 4294967296
                account = int(x / 2147483648 * 1500000)
                cents = (int(y / 65536) * int(x / 65536)) % 10000000
                left = (int(y / 16) + account * 977) % 1000000000
                side = (int(y / 1048576) % 5 < 3) ? "D" : "C"
                total += cents
                if (side == "D") debit += cents
                hash = (hash + account) % 1000000
                printf "E%08d|6217%012d|2026-%02d-%02d|%s|CNY|%d.%02d|%d.%02d|%s|%s|%s%s\n", i, account, \
                    1 + int(y / 262144) % 11, 1 + int(x / 131072) % 28, side, cents / 100, cents % 100, \
                    left / 100, left % 100, channel[1 + int(x / 4096) % 6], summary[1 + int(y / 8192) % 10], \
                    family[1 + int(x / 1024) % 16], given[1 + int(y / 2048) % 20]
            }
            printf "T|%d|%s|%s|%s|%06d\n", rows, money(total), money(debit), money(total - debit), hash
        }'
}

contract() { # name, charset, further lines
    cat <<CONTRACT
version = 1
system = "bench"
title = "Events of a year"
[[feed]]
name = "events"
file = "$1.txt"
charset = "$2"
shape = { kind = "delimited", separator = "|", names = true }
trailer = { prefix = "T|", count_field = 2, total_field = 3, debit_field = 4, credit_field = 5, hash_field = 6 }
amount = "amount"
direction = { column = "direction", debit = ["D"], credit = ["C"] }
hash = { column = "account_no", modulo_digits = 6 }
on_reject = "file"
$3
columns = [
    { name = "event_no", type = "text", required = true },
    { name = "account_no", type = "text", required = true },
    { name = "booked_on", type = "date", format = "%Y-%m-%d", required = true },
    { name = "direction", type = "text", required = true, values = ["D", "C"] },
    { name = "currency", type = "text", required = true, values = ["CNY", "USD"] },
    { name = "amount", type = "money", required = true },
    { name = "balance", type = "money", required = true },
    { name = "channel", type = "text", values = ["MOBILE", "WEB", "COUNTER", "ATM", "POS", "BATCH"] },
    { name = "summary", type = "text" },
    { name = "counterparty", type = "text" },
]
CONTRACT
}

if [ ! -e "$folder/made" ]; then
    events >"$folder/utf8.txt"
    iconv -f UTF-8 -t GB18030 "$folder/utf8.txt" >"$folder/gb18030.txt"
    sed '$d' "$folder/utf8.txt" >"$folder/rows.txt" # DuckDB knows no trailer
    touch "$folder/made"
fi
contract utf8 utf-8 "" >"$folder/utf8.toml"
contract gb18030 gb18030 "" >"$folder/gb18030.toml"
contract utf8 utf-8 'unique = ["event_no"]' >"$folder/unique.toml"
[ -x "$folder/venv/bin/python" ] || python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet duckdb

cat >"$folder/duck.py" <<'PYTHON'
import duckdb, sys

rows, out, threads = sys.argv[1:]
text, money = "VARCHAR", "DECIMAL(18, 2)"
columns = dict(event_no=text, account_no=text, booked_on="DATE", direction=text, currency=text, amount=money,
               balance=money, channel=text, summary=text, counterparty=text)
duckdb.execute(f"SET threads = {threads}")
duckdb.execute(f"""COPY (SELECT * FROM read_csv('{rows}', delim = '|', header = true, quote = '', escape = '',
    auto_detect = false, columns = {columns})) TO '{out}' (FORMAT parquet, COMPRESSION zstd)""")
PYTHON
cat >"$folder/same.py" <<'PYTHON'
import duckdb, sys

def sums(file, money):
    hashes = ", ".join(f"sum(hash({column}))" for column in
        "event_no account_no booked_on direction currency channel summary counterparty".split())
    return duckdb.execute(f"""SELECT count(*), sum({money('amount')}), sum({money('balance')}), {hashes}
        FROM '{file}'""").fetchone()

duck = sums(sys.argv[1], lambda column: f"({column} * 100)::BIGINT")
for file in sys.argv[2:]:
    print(file.rsplit("/", 1)[-1], "holds the same rows" if sums(file, str) == duck else "DIFFERS")
PYTHON

measured() { /usr/bin/time -f "$1 %e %U %S %M" -a -o "$folder/measured.txt" "${@:2}" >"$folder/$1.log"; }
stage() { measured "$1" "$program" "$folder/$1.toml" "$folder" "$as_of" "$folder/$1.parquet" "$threads"; }
rm -f "$folder/measured.txt"
cat "$folder/utf8.txt" >/dev/null
for _ in $(seq "$runs"); do
    measured duckdb "$folder/venv/bin/python" "$folder/duck.py" "$folder/rows.txt" "$folder/duckdb.parquet" "$threads"
    stage utf8
    stage gb18030
    stage unique
done

# The best run of each: what else the machine did makes a run longer and never shorter.
awk '
    { if (!($1 in wall)) order[++n] = $1
      cpu = $3 + $4
      if (!($1 in wall) || $2 < wall[$1]) wall[$1] = $2
      if (!($1 in used) || cpu < used[$1]) used[$1] = cpu
      if ($5 > peak[$1]) peak[$1] = $5 }
    END {
        print "best of the runs     seconds  of DuckDB    CPU s  of DuckDB  peak MiB"
        for (i = 1; i <= n; i++) {
            k = order[i]
            printf "%-20s %7.2f  %9.2f  %7.2f  %9.2f  %8d\n", k, wall[k], wall[k] / wall["duckdb"], used[k], \
                used[k] / used["duckdb"], peak[k] / 1024
        }
    }' "$folder/measured.txt"
ls -l "$folder"/*.parquet | awk '{ print $5, $NF }'
"$folder/venv/bin/python" "$folder/same.py" "$folder/duckdb.parquet" "$folder"/{utf8,gb18030,unique}.parquet
