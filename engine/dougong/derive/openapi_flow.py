"""What the OpenAPI document says of proposed moves, of what is due, of triggers and of jobs."""

from typing import Any

from dougong.derive.openapi_parts import ROOT, answers, content, parameter, query

MOMENT = {"type": ["string", "null"], "format": "date-time"}
TEXT = {"type": ["string", "null"]}
NUMBER = {"type": ["integer", "null"]}
WORD = {"type": "string"}
ANYTHING = {"type": "object", "additionalProperties": True}
PERSON = {"type": "object", "properties": {"id": NUMBER, "name": TEXT}}


def _list_of(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


CHAIN = {**_list_of(_object(trigger=WORD, record=NUMBER)), "description": "The triggers that led here, with their records."}
DID = {**_list_of(ANYTHING), "description": "One entry for each action: `action`, `clause`, `outcome`, and what was done."}
ERROR = {"$ref": "#/components/schemas/dougong.error"}
SCHEMAS: dict[str, Any] = {
    "dougong.proposal": {
        "type": "object",
        "properties": {
            "id": {"type": "integer"},
            "object": WORD,
            "record": {"type": "integer"},
            "from": WORD,
            "to": WORD,
            "text": TEXT,
            "trigger": WORD,
            "created_at": MOMENT,
        },
    },
    "dougong.due": _object(
        key=WORD,
        kind={"type": "string", "enum": ["overdue", "escalation", "review", "stays", "date", "silence", "streak"]},
        title=WORD,
        due_at=MOMENT,
        fired_at=MOMENT,
        start_at=MOMENT,
        amounts=_list_of(WORD),
        calendar={**TEXT, "description": "Its name; null is the calendar of the app."},
        pauses=_list_of({"type": "object", "properties": {"from": MOMENT, "until": MOMENT}}),
        sentence={"type": "string", "description": "How the moment comes about, in the language of Accept-Language."},
        clause=WORD,
    ),
    "dougong.score": _object(
        name=WORD,
        title=WORD,
        total={"type": "integer"},
        band=TEXT,
        parts={
            **_list_of(_object(points={"type": "integer"}, why=WORD, clause=TEXT, at=MOMENT)),
            "description": "The rules that hold now, each with its clause, and what actions gave, each with its moment.",
        },
    ),
    "dougong.firing": _object(
        id={"type": "integer"},
        at=MOMENT,
        trigger=WORD,
        object=TEXT,
        record=NUMBER,
        event=WORD,
        release=NUMBER,
        actor=PERSON,
        cause=WORD,
        cause_id=TEXT,
        chain=CHAIN,
        seen=ANYTHING,
        did=DID,
        refused={"type": ["array", "null"], "items": ANYTHING},
    ),
    "dougong.explanation": _object(
        trigger=WORD,
        object=WORD,
        record=NUMBER,
        has_fired={"type": "boolean"},
        verdict=WORD,
        steps=_list_of(_object(about=WORD, holds={"type": ["boolean", "null"]}, text=WORD, clause=TEXT)),
    ),
    "dougong.rehearsal": _object(
        trigger=WORD,
        object=WORD,
        record=NUMBER,
        refusals=_list_of(ERROR),
        why_not=TEXT,
        firings=_list_of(_object(trigger=WORD, object=WORD, record=NUMBER, event=WORD, chain=CHAIN, seen=ANYTHING, did=DID, clause=WORD)),
    ),
    "dougong.job": _object(
        id={"type": "integer"},
        kind=WORD,
        queue=WORD,
        key=WORD,
        payload=ANYTHING,
        state={"type": "string", "enum": ["waiting", "running", "done", "dead", "cancelled"]},
        due_at=MOMENT,
        created_at=MOMENT,
        tries={"type": "integer"},
        ended_at=MOMENT,
        error=TEXT,
        attempts=_list_of(
            _object(
                at=MOMENT,
                started_at=MOMENT,
                outcome={"type": "string", "enum": ["done", "failed", "dead", "lost", "deferred", "mended", "resent", "cancelled"]},
                error=TEXT,
                worker=TEXT,
                actor=NUMBER,
                payload={"type": ["object", "null"]},
            )
        ),
    ),
}
TRIGGER = {"name": "trigger", "in": "path", "required": True, "schema": WORD}


def flow_paths() -> dict[str, Any]:
    """The paths that stand beside those of the objects: proposals for everybody, triggers and jobs for administrators."""
    proposal, job = f"{ROOT}/inbox/proposals/{{id}}", f"{ROOT}/admin/jobs/{{id}}"
    record = answers(("200", "The record in its new stage.", ANYTHING))
    jobs = _object(data=_list_of(_ref("job")), counts={"type": "object", "additionalProperties": {"type": "integer"}})
    log = _object(data=_list_of(_ref("firing")), next_cursor=TEXT)
    asked = [query("object", WORD, "On this object."), query("record", {"type": "integer"}, "On this record of it.")]
    asked += [query("trigger", WORD, "Of this trigger."), parameter("limit"), parameter("cursor")]
    states = [query("state", {"type": "string", "default": "dead"}, "waiting, running, done, dead or cancelled."), parameter("limit")]
    states += [query("before", {"type": "integer"}, "The id to go on from.")]
    return {
        f"{ROOT}/inbox/proposals": {"get": _operation("proposals.list", _many("proposal"))},
        f"{proposal}/accept": _post("proposals.accept", record, _body(values=ANYTHING)),
        f"{proposal}/decline": _post("proposals.decline", answers(("204", "Done.", None))),
        f"{ROOT}/admin/triggers": {"get": _operation("triggers.log", answers(("200", "What fired.", log)), parameters=asked)},
        f"{ROOT}/admin/jobs": {"get": _operation("jobs.list", answers(("200", "Jobs.", jobs)), parameters=states)},
        job: {"get": _operation("jobs.get", _one("job", "The job and its attempts.")), "parameters": [parameter("id")]},
        f"{job}/resend": _post("jobs.resend", answers(("204", "Done.", None)), _body(payload=ANYTHING)),
        f"{job}/give-up": _post("jobs.give_up", answers(("204", "Done.", None))),
    }


def record_paths(one: str, name: str) -> dict[str, Any]:
    """What may be asked about one record; `one` is its path, `name` what operations of its object begin with."""
    both, trigger = [parameter("id"), TRIGGER], f"{one}/triggers/{{trigger}}"
    return {
        f"{one}/dues": {"get": _operation(f"{name}.dues", _many("due")), "parameters": [parameter("id")]},
        f"{one}/scores": {"get": _operation(f"{name}.scores", _many("score")), "parameters": [parameter("id")]},
        trigger: {"get": _operation(f"{name}.explain_trigger", _one("explanation", "Why, or why not.")), "parameters": both},
        f"{trigger}/dry-run": {
            "post": _operation(f"{name}.dry_run", _one("rehearsal", "What it would do.")),
            "parameters": both,
        },
    }


def _operation(name: str, responses: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"operationId": name, "responses": responses} | more


def _post(name: str, responses: dict[str, Any], body: dict[str, Any] | None = None) -> dict[str, Any]:
    more = {} if body is None else {"requestBody": {"required": False, "content": content(body)}}
    return {"post": _operation(name, responses, **more), "parameters": [parameter("id")]}


def _body(**properties: Any) -> dict[str, Any]:
    return {**_object(**properties), "additionalProperties": False}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/dougong.{name}"}


def _one(name: str, words: str) -> dict[str, Any]:
    return answers(("200", words, _ref(name)))


def _many(name: str) -> dict[str, Any]:
    return answers(("200", "A list.", {"type": "object", "required": ["data"], "properties": {"data": _list_of(_ref(name))}}))
