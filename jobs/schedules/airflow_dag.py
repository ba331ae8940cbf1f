"""Airflow (2.9 or later): the night as one task; the exit code decides what Airflow does.

0, 4            success
9               skipped, and so is what follows; the next tick tries again
8, 16, 64, 77   failed at once, without a retry: a person has to act
12, 13, others  failed, with retries
"""

import subprocess
from datetime import datetime, timedelta

from airflow.decorators import dag, task
from airflow.exceptions import AirflowException, AirflowFailException, AirflowSkipException

JOB = "/etc/clientele/nightly.toml"
DONE = {0, 4}
NOT_YET = {9}
FOR_A_PERSON = {8, 16, 64, 77}


@dag(
    dag_id="clientele",
    schedule="*/20 1-5 * * *",
    start_date=datetime(2026, 11, 1),
    catchup=False,
    max_active_runs=1,
)
def clientele():
    @task(retries=6, retry_delay=timedelta(minutes=10), retry_exponential_backoff=True)
    def night(logical_date=None):
        # The business date is yesterday: put the bank's calendar here.
        as_of = (logical_date - timedelta(days=1)).strftime("%Y-%m-%d")
        command = ["clientele", "run", JOB, "--as-of", as_of, "--progress", "plain"]
        code = subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode
        if code in NOT_YET:
            raise AirflowSkipException(f"extracts of {as_of} are not there yet")
        if code in FOR_A_PERSON:
            raise AirflowFailException(f"night of {as_of}: exit {code}, see the log")
        if code not in DONE:
            raise AirflowException(f"night of {as_of}: exit {code}, tried again")

    night()


clientele()
