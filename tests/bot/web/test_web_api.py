"""The HTTP interface: what the commands print, conversations by a token, and a description that holds."""

from __future__ import annotations

import asyncio
import base64
import json
import zlib

import httpx
import pytest
import schemathesis
from hypothesis import given, settings
from invented import YUNXI
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core import NotSet
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from bot.web import api
from bot.web.application import ROUTES
from bot.web.thread import UnknownConversation, token_of, turns_in
from retrieval.answers.answerer import Answerer
from retrieval.library import Library
from retrieval.search.figure_lookup import FigureQuery, select_figures

QUESTION = "云溪镇2025年固定资产投资目标是多少"


def without_seconds(reply: dict) -> dict:
    return {name: value for name, value in reply.items() if name not in ("seconds", "conversation", "figures")}


# -- what it says -------------------------------------------------------------------------------------------------------


def test_a_reply_is_the_one_of_the_command(pages, small_library: Library):
    reply = pages.post("/api/ask", json={"question": QUESTION, "id": "q1"}).json()
    told = json.loads(json.dumps(Answerer(small_library).ask([QUESTION]).as_json()))
    assert without_seconds(reply) == {"id": "q1", **without_seconds(told)}
    quote = reply["quotes"][0]
    assert YUNXI.strip()[quote["start"] : quote["end"]] == quote["text"] or quote["text"] in YUNXI
    assert pages.get("/api/ask", params={"question": QUESTION}).json()["answer"] == reply["answer"]


def test_a_conversation_goes_on_by_its_token(pages):
    first = pages.post("/api/ask", json={"question": QUESTION}).json()
    second = pages.post("/api/ask", json={"question": "那GDP呢", "conversation": first["conversation"]}).json()
    assert second["answer"].startswith("6%左右")
    third = pages.post("/api/ask", json={"question": "石渡镇呢", "conversation": second["conversation"]}).json()
    assert third["answer"].startswith("5.5％左右")
    alone = pages.post("/api/ask", json={"question": "那GDP呢"}).json()
    assert alone["answer"] != second["answer"]


def test_a_default_place_is_taken_where_none_is_named(pages):
    reply = pages.post("/api/ask", json={"question": "2025年固定资产投资目标", "place": "云溪镇"}).json()
    assert reply["assumed_place"] == "云溪镇"
    assert reply["answer"].startswith("7%以上")


def test_reports_are_those_of_the_command(pages, small_library: Library):
    held = [json.loads(json.dumps(one.as_json())) for one in small_library.reports()]
    assert pages.get("/api/reports").json() == held
    assert pages.get("/api/reports", params={"level": "区县"}).json() == held[2:]
    assert pages.get("/api/reports", params={"limit": 1, "offset": 1}).json() == held[1:2]
    assert pages.get("/api/reports", params={"place": "梅岭镇"}).json() == []


def test_figures_are_those_of_the_command(pages, small_library: Library):
    query = FigureQuery("GDP", 2025, "target")
    found = [one.as_json() for one in select_figures(small_library, small_library.reports(), query)]
    assert len(found) >= 2
    assert pages.get("/api/figures", params={"indicator": "GDP", "year": 2025, "kind": "target"}).json() == found
    of_place = pages.get("/api/figures", params={"place": "石渡镇"}).json()
    assert {one["place"] for one in of_place} == {"石渡镇"}
    assert pages.get("/api/figures", params={"place": "梅岭镇"}).status_code == 404


def test_a_comparison_is_a_reply_with_its_figures(pages):
    found = pages.get("/api/compare", params={"indicator": "GDP", "kind": "target", "year": 2025}).json()
    assert found["status"] == "answered"
    assert found["comparisons"][0]["lines"][0]["label"] in ("云溪镇", "松岭区")
    assert found["figures"][0]["indicator"] == "地区生产总值"
    quoted = [quote["text"] for quote in found["quotes"]]
    assert all(any(one["value"] in text for text in quoted) for one in found["figures"])
    none = pages.get("/api/compare", params={"indicator": "粮食产量", "kind": "target", "year": 1999}).json()
    assert (none["status"], none["figures"]) == ("not_found", [])


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'{"question": 7}', b'{"question": "a", "more": 1}', "é".encode("latin-1"), b"[" * 20_000],
)
def test_a_body_that_is_no_question_is_refused(pages, body):
    response = pages.post("/api/ask", content=body)
    assert response.status_code == 400
    assert response.json()["error"]


def test_a_question_of_half_a_character_is_answered(pages):
    response = pages.post("/api/ask", content=b'{"question": "\\ud83d \\u4e91\\u6eaa\\u9547GDP"}')
    assert response.status_code in (200, 400)
    json.loads(response.content)


def test_too_much_is_cut_off(pages):
    async def pieces():
        for _ in range(100):
            yield b" " * 1000

    assert pages.post("/api/ask", content=pieces()).status_code == 413
    assert pages.post("/api/ask", json={"question": "问" * 20_000}).status_code in (400, 413)


def test_what_comes_too_slowly_is_cut_off(pages, monkeypatch):
    monkeypatch.setattr(api, "_BODY_SECONDS", 0.05)
    ended = asyncio.Event()

    async def asked() -> list[dict]:
        sent: list[dict] = []
        messages = [{"type": "http.request", "body": b"{", "more_body": True}]

        async def receive() -> dict:
            if messages:
                return messages.pop()
            await ended.wait()
            return {"type": "http.disconnect"}

        async def send(message: dict) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": "POST",
            "path": "/api/ask",
            "raw_path": b"/api/ask",
            "query_string": b"",
            "headers": [(b"host", b"localhost")],
            "client": ("127.0.0.1", 1),
            "http_version": "1.1",
            "scheme": "http",
            "server": ("localhost", 80),
        }
        await pages.app(scope, receive, send)
        return sent

    sent = pages.runner.run(asked())
    assert sent[0]["status"] == 408


# -- conversations ------------------------------------------------------------------------------------------------------


def test_a_token_holds_what_was_asked():
    turns = ["云溪镇GDP", "那石渡镇呢", "\ud83d"]
    assert turns_in(token_of(turns[:2])) == turns[:2]
    assert len(turns_in(token_of([f"第{n}个问题" for n in range(30)]))) == 20
    assert turns_in(token_of(turns))[:2] == turns[:2]
    assert turns_in("") == []


def test_a_token_stays_short():
    long = [base64.b64encode(bytes((n * 7 + m) % 251 for m in range(700))).decode() for n in range(20)]
    token = token_of(long)
    assert len(token) <= 8192
    assert turns_in(token) == long[-len(turns_in(token)) :] != []


def packed(value: object) -> str:
    return base64.urlsafe_b64encode(zlib.compress(json.dumps(value).encode())).decode().rstrip("=")


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "%%%",
        "中文",
        "A" * 9000,
        packed({"a": 1}),
        packed([1]),
        packed(["a"] * 21),
        packed("a" * 70_000),
        token_of(["云溪镇"])[:-4],
    ],
)
def test_another_token_is_refused(pages, token):
    with pytest.raises(UnknownConversation):
        turns_in(token)
    assert pages.post("/api/ask", json={"question": "GDP", "conversation": token}).status_code == 400


# -- the description ----------------------------------------------------------------------------------------------------


def test_the_description_names_every_address_of_the_interface_and_no_other(pages):
    described = {
        (path, method.upper()) for path, methods in pages.get("/api/openapi.json").json()["paths"].items() for method in methods
    }
    routes = {
        (route.path, method)
        for route in ROUTES
        for method in route.methods - {"HEAD"}
        if route.path.startswith("/api/") and route.path != "/api/openapi.json"
    }
    assert described == routes
    assert pages.get("/api/openapi.json").json()["servers"] == [{"url": "https://reports.example.org/gov"}]


@pytest.fixture(scope="module")
def described(pages) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_dict(pages.get("/api/openapi.json").json())


OPERATIONS = [
    ("/api/ask", "POST"),
    ("/api/ask", "GET"),
    ("/api/reports", "GET"),
    ("/api/figures", "GET"),
    ("/api/compare", "GET"),
]
CHECKS = [not_a_server_error, response_schema_conformance, status_code_conformance, content_type_conformance]


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("path, method", OPERATIONS)
def test_the_server_does_as_described(pages, described, path, method, mode):
    statuses: list[int] = []

    @settings(max_examples=15)
    @given(case=described[path][method].as_strategy(mode))
    def run(case: schemathesis.Case) -> None:
        body = {}
        if not isinstance(case.body, NotSet):
            body = {"content": case.body if isinstance(case.body, bytes) else json.dumps(case.body)}
        response = pages.request(method, path, params=case.query, **body)
        statuses.append(response.status_code)
        case.validate_response(response, checks=CHECKS)

    run()
    assert statuses


@pytest.mark.parametrize(
    "path, query",
    [
        ("/api/ask", {"question": QUESTION}),
        ("/api/reports", {"year": 2025}),
        ("/api/figures", {"indicator": "GDP"}),
        ("/api/compare", {"indicator": "GDP", "kind": "target"}),
    ],
)
def test_full_answers_are_as_described(pages, described, path, query):
    case = described[path]["GET"].Case(query=query)
    response = pages.get(path, params=query)
    assert response.status_code == 200
    case.validate_response(response, checks=CHECKS)


def test_an_answer_that_is_not_as_described_would_be_found(pages, described):
    response = pages.get("/api/reports")
    wrong = httpx.Response(200, json=[{"id": "one"}], request=response.request)
    wrong.elapsed = response.elapsed
    with pytest.raises(FailureGroup):
        described["/api/reports"]["GET"].Case().validate_response(wrong, checks=CHECKS)
