#!/bin/sh
# One tick of the night, for cron: started again and again, it runs the night when it can and leaves it
# alone when a person has to act first.
#
#   0, 4            published, now or before: further ticks do nothing
#   9, 12, 13       not there yet, environment, another run at work: the next tick tries again
#   8, 16, 64, 77   held: mail, and no further tick for this date until the hold file is removed
#   anything else   killed or interrupted: the next tick tries again, the start clears up
#
# Settings, from the environment:
#   CLIENTELE         the program             (clientele)
#   CLIENTELE_JOB     the job file            (/etc/clientele/nightly.toml)
#   CLIENTELE_STATE   where hold files lie    (/var/lib/clientele)
#   CLIENTELE_MAIL    who is told             (nobody: the message goes to stderr)
#   CLIENTELE_AS_OF   the business date       (yesterday; put the bank's calendar here)
set -u

program=${CLIENTELE:-clientele}
job=${CLIENTELE_JOB:-/etc/clientele/nightly.toml}
state=${CLIENTELE_STATE:-/var/lib/clientele}
as_of=${CLIENTELE_AS_OF:-$(date -d yesterday +%F)}
held=$state/held-$as_of

if [ -e "$held" ]; then
    exit 0
fi

mkdir -p "$state" || exit 12
log=$state/night-$as_of.log
"$program" run "$job" --as-of "$as_of" --progress plain >>"$log" 2>&1
code=$?

tell() {
    if [ -n "${CLIENTELE_MAIL:-}" ]; then
        printf '%s\n' "$1" "log: $log" | mail -s "clientele $as_of: exit $code" "$CLIENTELE_MAIL"
    else
        printf '%s (log: %s)\n' "$1" "$log" >&2
    fi
}

case $code in
    0) ;;
    4) tell "published with warnings" ;;
    8 | 16 | 64 | 77)
        : >"$held"
        tell "exit $code: a person has to act; then remove $held"
        ;;
    *) ;;
esac
exit "$code"
