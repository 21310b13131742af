"""All pages and where they are."""

from starlette.convertors import Convertor, register_url_convertor
from starlette.routing import BaseRoute, Route

from dougong.web.pages import (
    admin_jobs,
    admin_received,
    admin_triggers,
    assignments,
    browse,
    comments,
    deciding,
    deletion,
    field_edit,
    form_pages,
    gate_forms,
    home,
    inbox,
    leaving,
    moves,
    pools,
    proposals,
    record,
    search,
    settings,
    sign_in,
    splitting,
    static,
    support,
    todos,
    users,
)


class Key(Convertor[int]):
    """The number of a record in an address; one that no database could have given is a page that is not there."""

    regex = "[0-9]{1,18}"

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


register_url_convertor("key", Key())


def routes() -> list[BaseRoute]:
    """The routes of the pages; those of the API and of sign-in stand before them."""
    made = "/o/{object}"
    return [*_of_people(), *_of_administrators(), *_of_objects(made), *_of_records(made + "/{id:key}")]


def _of_people() -> list[BaseRoute]:
    return [
        Route("/static/dist/{name}", static.bundle),
        Route("/", home.home),
        Route("/todos", todos.show),
        Route("/todos/{id:key}/{act}", todos.act, methods=["POST"]),
        Route("/inbox", inbox.show),
        Route("/inbox/read", inbox.read_all, methods=["POST"]),
        Route("/inbox/{id:key}/read", inbox.read, methods=["POST"]),
        Route("/sign-in", sign_in.show),
        Route("/search", search.search),
        Route("/options/{object}", search.options),
        Route("/me", settings.me),
        Route("/me/told", settings.told, methods=["POST"]),
        Route("/me/away", settings.away, methods=["POST"]),
        Route("/me/away/{id:key}/end", settings.end_away, methods=["POST"]),
        Route("/look", settings.look, methods=["POST"]),
        Route("/approvals/tasks/{task:key}/{way}", deciding.show),
        Route("/approvals/tasks/{task:key}/{way}", deciding.decide, methods=["POST"]),
        Route("/approvals/{id:key}/withdraw", deciding.withdraw, methods=["POST"]),
        Route("/proposals/{id:key}/{answer}", proposals.answer, methods=["POST"]),
        Route("/pools/{name}", pools.show),
        Route("/pools/{name}/claim/{id:key}", pools.claim, methods=["POST"]),
    ]


def _of_administrators() -> list[BaseRoute]:
    return [
        Route("/admin/triggers", admin_triggers.show),
        Route("/admin/triggers/why", admin_triggers.why),
        Route("/admin/triggers/why", admin_triggers.rehearse, methods=["POST"]),
        Route("/admin/dues", admin_jobs.dues),
        Route("/admin/jobs", admin_jobs.show),
        Route("/admin/jobs/{id:key}", admin_jobs.one),
        Route("/admin/jobs/{id:key}", admin_jobs.mend, methods=["POST"]),
        Route("/admin/received", admin_received.show),
        Route("/admin/received/{id:key}/take", admin_received.take, methods=["POST"]),
        Route("/admin/users", users.show),
        Route("/admin/users", users.add, methods=["POST"]),
        Route("/admin/users/{id:key}", users.change, methods=["POST"]),
        Route("/admin/users/{id:key}/handover", leaving.ask),
        Route("/admin/users/{id:key}/handover", leaving.hand_over, methods=["POST"]),
    ]


def _of_objects(made: str) -> list[BaseRoute]:
    return [
        Route(made, browse.show),
        Route(made + "/totals", browse.sums),
        Route(made + "/new", form_pages.new),
        Route(made + "/new", form_pages.create, methods=["POST"]),
        Route(made + "/rules.js", form_pages.rules),
        Route(made + "/preview", form_pages.preview, methods=["POST"]),
    ]


def _of_records(one: str) -> list[BaseRoute]:
    return [
        Route(one, record.show),
        Route(one + "/edit", form_pages.edit),
        Route(one + "/edit", form_pages.update, methods=["POST"]),
        Route(one + "/delete", deletion.ask),
        Route(one + "/delete", deletion.delete, methods=["POST"]),
        Route(one + "/comments", comments.add, methods=["POST"]),
        Route(one + "/comments/{comment:key}", comments.show),
        Route(one + "/comments/{comment:key}", comments.edit, methods=["POST"]),
        Route(one + "/comments/{comment:key}/delete", comments.delete, methods=["POST"]),
        Route(one + "/people", comments.people),
        Route(one + "/assignments", assignments.show),
        Route(one + "/support", support.show),
        Route(one + "/actions/{action}", gate_forms.do, methods=["POST"]),
        Route(one + "/actions/{action}/undo", gate_forms.ask_undo),
        Route(one + "/actions/{action}/undo", gate_forms.undo, methods=["POST"]),
        Route(one + "/evidence/{field}", gate_forms.bring, methods=["POST"]),
        Route(one + "/exceptions/{stage}/{item}", gate_forms.ask),
        Route(one + "/exceptions/{stage}/{item}", gate_forms.grant, methods=["POST"]),
        Route(one + "/submit/{approval}", deciding.submit, methods=["POST"]),
        Route(one + "/release/{pool}", pools.ask),
        Route(one + "/release/{pool}", pools.release, methods=["POST"]),
        Route(one + "/split", splitting.show),
        Route(one + "/split", splitting.split, methods=["POST"]),
        Route(one + "/field/{name}", field_edit.show),
        Route(one + "/field/{name}", field_edit.save, methods=["POST"]),
        Route(one + "/move/{to}", moves.show),
        Route(one + "/move/{to}", moves.move, methods=["POST"]),
    ]
