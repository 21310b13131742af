"""Files: kept first, then carried by a record and read with its rights."""

import io
from typing import Any

import pytest
from dougong.engine import Engine
from dougong.runtime.files import plain_name, plain_type
from dougong.web import security
from starlette.testclient import TestClient

from tests.web.shop import api


def upload(client: TestClient, content: bytes = b"%PDF-1.7", name: str = "合同.pdf", kind: str = "application/pdf") -> Any:
    return client.post("/api/v1/files", files={"file": (name, io.BytesIO(content), kind)})


def test_a_file_is_its_uploaders_until_a_record_carries_it(engine: Engine) -> None:
    ann, bob, boss = (api(engine, login) for login in ("ann", "bob", "boss"))
    made = upload(ann)
    assert made.status_code == 201
    file = made.json()
    assert {k: file[k] for k in ("name", "size", "type")} == {"name": "合同.pdf", "size": 8, "type": "application/pdf"}
    assert ann.get(f"/api/v1/files/{file['id']}").content == b"%PDF-1.7"
    assert bob.get(f"/api/v1/files/{file['id']}").json()["code"] == "R620"
    stolen = bob.post("/api/v1/customer", json={"name": "Thief", "papers": [file["id"]]})
    assert stolen.status_code in (403, 404, 422), stolen.text
    customer = ann.post("/api/v1/customer", json={"name": "Mine", "papers": [file["id"]]}).json()
    url = f"/api/v1/customer/{customer['id']}/files/{file['id']}"
    read = boss.get(url)
    assert (read.status_code, read.content, read.headers["content-type"]) == (200, b"%PDF-1.7", "application/pdf")
    assert read.headers["content-disposition"].startswith("inline; filename*=UTF-8''%E5%90%88")
    assert "sandbox" in read.headers["content-security-policy"]
    assert bob.get(url).json()["code"] == "R404"
    other = ann.post("/api/v1/customer", json={"name": "Other"}).json()
    assert ann.get(f"/api/v1/customer/{other['id']}/files/{file['id']}").json()["code"] == "R620"


def test_a_record_takes_only_files_of_the_kinds_its_field_accepts(engine: Engine) -> None:
    ann = api(engine, "ann")
    file = upload(ann, name="x.exe").json()
    refused = ann.post("/api/v1/customer", json={"name": "Mine", "papers": [file["id"]]})
    assert refused.status_code == 422
    assert [(e["code"], e["field"]) for e in refused.json()["errors"]] == [("R173", "papers")]


def test_what_a_browser_must_not_run_is_only_downloaded(engine: Engine) -> None:
    ann = api(engine, "ann")
    file = ann.post("/api/v1/files?name=../../x.html", content=b"<script>", headers={"content-type": "text/html; charset=utf-8"}).json()
    assert (file["name"], file["type"]) == ("x.html", "text/html")
    read = ann.get(f"/api/v1/files/{file['id']}")
    assert read.headers["content-disposition"].startswith("attachment")
    assert read.headers["x-content-type-options"] == "nosniff"


def test_uploads_without_a_file_or_too_large(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = api(engine, "ann")
    assert ann.post("/api/v1/files", files={"other": (None, "x")}).json()["code"] == "R621"
    assert ann.post("/api/v1/files", content=b"x").json()["code"] == "R621"
    assert ann.get("/api/v1/files/999").json()["code"] == "R620"
    monkeypatch.setattr(security, "UPLOAD_BYTES", 1000)
    assert upload(ann, b"x" * 2000).json()["code"] == "R608"
    pieces = (b"x" * 500 for _ in range(4))  # without a length
    assert ann.post("/api/v1/files?name=x", content=pieces).json()["code"] == "R608"


def test_the_content_is_kept_once(engine: Engine) -> None:
    ann = api(engine, "ann")
    assert upload(ann).json()["id"] != upload(ann, name="again.pdf").json()["id"]
    assert len([p for p in engine.files_dir.rglob("*") if p.is_file()]) == 1


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("a.pdf", "a.pdf"),
        ("C:\\x\\b.txt", "b.txt"),
        ("../../etc/passwd", "passwd"),
        ("\0\n", "file"),
        ("..", "file"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_names_are_made_harmless(name: str, plain: str) -> None:
    assert plain_name(name) == plain


@pytest.mark.parametrize(
    ("kind", "plain"),
    [
        ("Text/HTML; x=y", "text/html"),
        ("", "application/octet-stream"),
        ("a/b/c", "application/octet-stream"),
        ("x\r\ny/z", "application/octet-stream"),
    ],
)
def test_types_are_made_harmless(kind: str, plain: str) -> None:
    assert plain_type(kind) == plain
