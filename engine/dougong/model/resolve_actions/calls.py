"""`call`: another system is told something."""

from dougong_dsl.codes import channels as codes
from dougong_dsl.codes import names as name_codes
from dougong_dsl.diagnostics import nearest

from dougong.definition.actions import CallDefinition
from dougong.model.actions import Action, CallAction
from dougong.model.resolve_actions.ground import Common, Ground


def read_call(ground: Ground, written: CallDefinition, common: Common) -> Action | None:
    """`call: {connector: erp, path: "/orders/{{ no }}", body: {amount: amount}}`."""
    name, known = written.connector, list(ground.draft.connectors)
    if name not in known:
        if name not in ground.definition.connectors:
            ground.draft.report(
                codes.UNKNOWN_CONNECTOR.at(name.place, name=str(name), known=", ".join(known) or "-", nearest=nearest(name, known))
            )
        return None
    path = written.path
    if not path.startswith("/") or path.startswith("//"):
        expected = ("以 / 开头的路径，例如 `/orders`", "a path that begins with a slash, such as `/orders`")
        ground.draft.report(name_codes.WRONG_VALUE.at(path.place, key="`path`", value=str(path), expected=expected))
        return None
    body = {
        str(key): found for key, word in written.body.items() if (found := ground.draft.expression(word, ground.scope, None)) is not None
    }
    return CallAction(
        **common,
        connector=str(name),
        path=ground.draft.template((path, path), ground.scope),
        body=body,
        method=str(written.method or "POST"),
    )
