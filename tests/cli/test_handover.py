"""`dougong user add --team` and `dougong handover` from the outside."""

from pathlib import Path

import pytest
from dougong.cli.command import run

from tests.web.shop import write_shop


def test_a_leaver_s_work_goes_to_somebody(
    capsys: pytest.CaptureFixture[str], database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOUGONG_LANG", "en")
    folder = str(write_shop(tmp_path / "shop"))

    def line(*arguments: str) -> tuple[int, str, str]:
        code = run([*arguments, "--db", database_url])
        said = capsys.readouterr()
        return code, said.out, said.err

    assert line("apply", folder)[0] == 0
    for login in ("ann", "bob"):
        assert line("user", "add", login, "--role", "seller", "--team", "East", "--password", "correct horse", "--app", folder)[0] == 0
    (tmp_path / "customers.csv").write_text("name,owner\nA,ann\nB,ann\n", encoding="utf-8")
    assert line("import", folder, "customer", str(tmp_path / "customers.csv"))[0] == 0
    assert line("handover", "ann", "--app", folder)[::2] == (2, 'Give --to LOGIN, or --by "least loaded"\n')
    code, out, _ = line("handover", "ann", "--by", "least loaded", "--app", folder)
    assert (code, out) == (0, "Customer  bob  2\n2 handed over; the account ann is closed\n")
    assert line("handover", "bob", "--to", "ann", "--app", folder)[::2] == (1, "R419 There is nobody to take over\n")
    assert line("handover", "nobody", "--to", "bob", "--app", folder)[::2] == (1, "R682 There is no user “nobody”\n")
