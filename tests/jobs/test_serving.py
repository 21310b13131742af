"""A server carries out jobs itself unless it is told not to, on a database that an older engine made too."""

import os
import re
import signal
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path

import pytest
from dougong.database import Database
from dougong.plan.bootstrap import complete_engine_tables, missing_parts
from dougong.runtime.clock import SystemClock

from bench import killing
from tests.jobs.apps import leave, opened, state

MAIL = {"to": "a@example.com", "subject": "s", "text": "t"}


@pytest.mark.parametrize("works", [True, False])
def test_a_server_works_unless_told_otherwise(database_url: str, tmp_path: Path, works: bool) -> None:
    post = killing.Post()
    with post.opened() as port, opened(database_url, tmp_path, SystemClock()) as engine:
        with engine.database.write() as connection:
            connection.run("DROP TABLE dg_job_attempt")  # made by an engine that had none
        environment = {**os.environ, "DOUGONG_SMTP_URL": f"smtp://127.0.0.1:{port}", "DOUGONG_MAIL_FROM": "crm@example.com"}
        options = ["--db", database_url, "--port", "0", "--lang", "en", *([] if works else ["--no-worker"])]
        command = [sys.executable, "-c", "from dougong.cli import main; main()", "serve", str(tmp_path), *options]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        assert process.stdout is not None
        assert re.match("Serving on http://127.0.0.1:", process.stdout.readline())
        job = leave(engine, "mail", MAIL)
        deadline = time.monotonic() + (30 if works else 3)
        while state(engine, job) != "done" and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) in (0, -signal.SIGTERM)
        process.stdout.close()
        assert state(engine, job) == ("done" if works else "waiting")
        assert len(post.came) == int(works)


def test_wrong_settings_are_told_at_the_start(sqlite_url: str, tmp_path: Path) -> None:
    with opened(sqlite_url, tmp_path):
        pass
    for command in ("serve", "worker"):
        line = [sys.executable, "-c", "from dougong.cli import main; main()", command, str(tmp_path), "--db", sqlite_url]
        environment = {**os.environ, "DOUGONG_SMTP_URL": "mail:geheim@host", "DOUGONG_MAIL_FROM": "crm@example.com"}
        done = subprocess.run(line, capture_output=True, text=True, env=environment, timeout=60, check=False)
        assert done.returncode == 1
        assert "R810" in done.stderr
        assert "geheim" not in done.stdout + done.stderr


def test_the_package_s_schema_is_brought_forward(postgres_url: str) -> None:
    database = Database.open(postgres_url)
    complete_engine_tables(database)
    with database.write() as connection:
        assert missing_parts(connection) == []
        connection.run("COMMENT ON TABLE procrastinate_jobs IS 'dougong: procrastinate 3.3.0'")
        steps = missing_parts(connection)
        assert "procrastinate_retry_job_v2" in "".join(steps)  # came with 3.4, in two files
        assert steps[-1] == f"COMMENT ON TABLE procrastinate_jobs IS 'dougong: procrastinate {metadata.version('procrastinate')}'"
        assert not any("procrastinate_fetch_job_v2" in step for step in steps)  # came with 3.1 to 3.3
        connection.run("COMMENT ON TABLE procrastinate_jobs IS 'kept by somebody else'")
        assert missing_parts(connection) == []
    database.close()
