"""The catalogue of diagnostics: one module per stage, one row per code, merged here.

T1xx reading files · T2xx structure and names · T3xx expressions and their types · T4xx sentences (field lines, moves,
grants, events) · T5xx flow and rights · T6xx changes to a live app · T8xx composition · T7xx lints · T9xx not available yet.
A code keeps its meaning forever; a retired one stays as a comment.
"""

from dougong_dsl.codes import (
    approvals,
    changes,
    channels,
    composition,
    dispatch,
    documents,
    dues,
    expressions,
    flow,
    gates,
    lints,
    names,
    reading,
    scenarios,
    scores,
    sentences,
    splits,
    surveys,
)
from dougong_dsl.diagnostics import Code

CATALOGUE: dict[str, Code] = {
    value.code: value
    for module in (
        *(reading, names, expressions, sentences, flow, dues, gates, splits, approvals),
        *(scenarios, scores, surveys, documents, dispatch, channels, changes, composition, lints),
    )
    for value in vars(module).values()
    if isinstance(value, Code)
}
