"""Signing in, staying signed in, and out: sessions, tokens, limits, forged requests, headers."""

import re
import time
from typing import Any

import pytest
from dougong.engine import Engine
from dougong.runtime.users import authenticate, set_password
from dougong.runtime.users_sessions import SESSION_SECONDS, create_token, csrf_of, find_session, find_token, open_session, revoke_token
from dougong.web.auth import KEPT_SECONDS, spoken
from dougong.web.sign_in import local
from starlette.testclient import TestClient

from tests.web.shop import PASSWORD, api, browser, user_number

JSON = {"accept": "application/json"}


def sign_in(client: TestClient, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/sign-in", data={"login": "ann", "password": password} | more)


def signed_in(engine: Engine) -> tuple[TestClient, str]:
    """A browser of ann's and the token of its forms."""
    client = browser(engine)
    csrf = client.post("/sign-in", json={"login": "ann", "password": PASSWORD}).json()["csrf"]
    return client, csrf


def test_a_session_begins_and_ends(engine: Engine) -> None:
    client = browser(engine)
    assert client.get("/api/v1/customer", headers=JSON).status_code == 401
    response = sign_in(client, next="/o/customer?page=2")
    assert (response.status_code, response.headers["location"]) == (303, "/o/customer?page=2")
    cookie = response.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and f"max-age={SESSION_SECONDS}" in cookie and "secure" not in cookie
    assert client.get("/api/v1/customer").status_code == 200
    secret = client.cookies["dougong"]
    out = client.post("/sign-out", data={"csrf": csrf_of(secret)})
    assert (out.status_code, out.headers["location"]) == (303, "/sign-in")
    assert find_session(engine.database, secret) is None
    client.cookies.set("dougong", secret)
    assert client.get("/api/v1/customer").status_code == 401


def test_over_https_the_cookie_is_bound_to_the_host(engine: Engine) -> None:
    client = browser(engine, secure=True)
    cookie = sign_in(client).headers["set-cookie"]
    assert cookie.startswith("__Host-dougong=") and "Secure" in cookie and "Path=/" in cookie and "Domain" not in cookie
    assert "max-age=" in client.get("/healthz").headers["strict-transport-security"]


def test_a_wrong_password_is_told_no_more_than_a_wrong_login(engine: Engine) -> None:
    client = browser(engine)
    form = sign_in(client, "wrong password", next="/o/deal")
    assert (form.status_code, form.headers["location"]) == (303, "/sign-in?error=R612&login=ann&next=%2Fo%2Fdeal")
    for login, password in (("ann", "wrong password"), ("nobody", PASSWORD), ("bob", ""), ("ann", "x" * 5000)):
        response = client.post("/sign-in", json={"login": login, "password": password})
        assert (response.status_code, response.json()["code"]) == (401, "R612"), login
    assert "dougong" not in client.cookies


def test_guessing_is_slowed_down(engine: Engine) -> None:
    client = browser(engine)
    codes = [client.post("/sign-in", json={"login": "Ann", "password": "guess"}).json()["code"] for _ in range(9)]
    assert codes == ["R612"] * 8 + ["R613"]
    blocked = client.post("/sign-in", json={"login": "ann", "password": PASSWORD})
    assert blocked.status_code == 429 and 0 < int(blocked.headers["retry-after"]) <= 300
    assert client.post("/sign-in", json={"login": "boss", "password": "guess"}).json()["code"] == "R612"


def test_a_revoked_token_or_session_is_out_within_a_second(engine: Engine) -> None:
    client = api(engine, "ann")
    assert client.get("/api/v1/customer").status_code == 200
    revoke_token(engine.database, 1)
    other, _ = signed_in(engine)
    assert other.get("/api/v1/customer").status_code == 200
    number = user_number(engine, "ann")
    with engine.system_session("test") as session:
        session.update("user", number, {"active": False})
    time.sleep(KEPT_SECONDS + 0.1)
    assert client.get("/api/v1/customer").json()["code"] == "R611"
    assert other.get("/api/v1/customer").json()["code"] == "R610"
    assert authenticate(engine.database, "ann", PASSWORD) is None


def test_a_new_password_ends_every_session(engine: Engine) -> None:
    secret = open_session(engine.database, user_number(engine, "ann"))
    set_password(engine.database, "ann", "another horse")
    assert find_session(engine.database, secret) is None
    assert authenticate(engine.database, "ann", PASSWORD) is None
    assert authenticate(engine.database, "ann", "another horse") == user_number(engine, "ann")


def test_tokens_expire_and_only_their_hash_is_kept(engine: Engine) -> None:
    number = user_number(engine, "ann")
    _, secret = create_token(engine.database, number, "robot", days=1)
    assert find_token(engine.database, secret) is not None
    with engine.database.write() as connection:
        kept = connection.all("SELECT token_hash FROM dg_token")
        connection.run("UPDATE dg_token SET expires_at = created_at")
    assert secret not in str(kept)
    assert find_token(engine.database, secret) is None


FORGERIES: list[dict[str, Any]] = [
    {},
    {"headers": {"x-csrf-token": "wrong"}},
    {"headers": {"sec-fetch-site": "cross-site", "x-csrf-token": "TOKEN"}},
    {"headers": {"sec-fetch-site": "same-site", "x-csrf-token": "TOKEN"}},
    {"headers": {"origin": "https://evil.test", "x-csrf-token": "TOKEN"}},
    {"headers": {"origin": "null", "x-csrf-token": "TOKEN"}},
]


def test_forged_requests_are_refused(engine: Engine) -> None:
    client, csrf = signed_in(engine)
    for options in FORGERIES:
        headers = {name: value.replace("TOKEN", csrf) for name, value in options.get("headers", {}).items()}
        refused = client.post("/api/v1/customer", json={"name": "Forged"}, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (403, "R614"), options
    assert client.get("/api/v1/customer").json()["data"] == []
    good = {"x-csrf-token": csrf, "sec-fetch-site": "same-origin", "origin": "http://crm.test"}
    assert client.post("/api/v1/customer", json={"name": "Real"}, headers=good).status_code == 201


@pytest.mark.parametrize("size", [10, 200_000])
def test_a_form_carries_its_token_as_its_first_field(engine: Engine, size: int) -> None:
    client, csrf = signed_in(engine)
    filler = "x" * size
    language = {"language": "zh", "next": "/x"}
    assert client.post("/language", data={"csrf": csrf, "filler": filler} | language).headers["location"] == "/x"
    files = {"csrf": (None, csrf), "language": (None, "zh"), "next": (None, "/x"), "filler": (None, filler)}
    assert client.post("/language", files=files).headers["location"] == "/x"
    assert client.post("/language", data=language | {"filler": filler}).status_code == 403
    assert client.post("/language", files={"a": (None, filler)}).status_code == 403


def test_a_form_from_another_site_cannot_sign_anybody_in(engine: Engine) -> None:
    response = browser(engine).post("/sign-in", data={"login": "ann", "password": PASSWORD}, headers={"origin": "https://evil.test"})
    assert response.status_code == 403 and "set-cookie" not in response.headers


def test_every_answer_has_its_security_headers(engine: Engine) -> None:
    client = browser(engine)
    for path in ("/sign-in", "/healthz", "/nothing", "/api/v1/nothing"):
        response = client.get(path)
        headers = response.headers
        assert headers["x-content-type-options"] == "nosniff" and headers["x-frame-options"] == "DENY", path
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        nonces = set(re.findall(r"'nonce-([^']+)'", policy))
        assert set(re.findall(r'nonce="([^"]+)"', response.text)) <= nonces
    pages = [client.get("/sign-in").headers["content-security-policy"] for _ in range(2)]
    assert pages[0] != pages[1]


def test_the_language_is_the_users_own_then_the_browsers(engine: Engine) -> None:
    client = browser(engine)
    assert client.get("/api/v1/customer", headers={"accept-language": "en"}).json()["title"] == "Sign in first"
    assert client.get("/api/v1/customer").json()["title"] == "请先登录"
    client, csrf = signed_in(engine)
    for language in ("zh", "en"):
        client.post("/language", data={"csrf": csrf, "language": language})
        time.sleep(0.01)
        assert f'lang="{language}' in client.get("/sign-in", follow_redirects=True, headers={"accept-language": "fr"}).text
    assert client.post("/language", data={"csrf": csrf, "language": "xx"}, headers=JSON).json()["code"] == "R616"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en;q=0.8, zh;q=0.9", "zh"),
        ("fr, en;q=0.5", "en"),
        ("fr", None),
        ("en;q=0", None),
        ("en;q=x", None),
        ("", None),
    ],
)
def test_accept_language(header: str, language: str | None) -> None:
    assert spoken(header) == language


@pytest.mark.parametrize("target", ["https://evil.test", "//evil.test", "/\\evil.test", "javascript:alert(1)", "/a\nb", ""])
def test_sign_in_leads_nowhere_else(target: str) -> None:
    assert local(target) == "/"
