"""`dougong schema`: the JSON Schema of definition files, which editors use to complete and check while one types."""

import json

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("schema", help="定义文件的 JSON Schema，给编辑器用 / the JSON Schema of definition files, for editors")(schema)


def schema() -> None:
    """Print the schema (2020-12)."""
    from dougong.definition.schema import json_schema  # lazy: pydantic, only for this command

    print(json.dumps(json_schema(), ensure_ascii=False, indent=2))
