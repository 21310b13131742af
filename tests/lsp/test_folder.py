"""Which app a file belongs to."""

from pathlib import Path

from dougong.lsp.folder import root_of


def test_an_app_is_looked_for_no_higher_than_the_workspace(tmp_path: Path) -> None:
    (tmp_path / "stray.yaml").write_text("app: stray\n", encoding="utf-8")
    file = tmp_path / "work" / "forms" / "form.yaml"
    file.parent.mkdir(parents=True)
    assert root_of(file, {}, [tmp_path / "work"]) == file
    assert root_of(file, {}, [tmp_path]) == tmp_path
    (tmp_path / "work" / "app.yaml").write_text("app: work\n", encoding="utf-8")
    assert root_of(file, {}, [tmp_path / "work"]) == tmp_path / "work"


def test_without_a_workspace_a_file_s_own_folder_is_its_app(tmp_path: Path) -> None:
    (tmp_path / "app.yaml").write_text("app: here\n", encoding="utf-8")
    assert root_of(tmp_path / "forms.yaml", {}, []) == tmp_path
