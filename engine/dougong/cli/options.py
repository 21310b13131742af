"""The options that commands share, each written once."""

from pathlib import Path
from typing import Annotated

import typer

from dougong.cli.speech import Format, Lang

DEFAULT_DATABASE = "sqlite:///dougong.db"

AppPath = Annotated[Path, typer.Argument(metavar="APP", help="应用定义所在的文件夹 / the folder of the app's definition")]
Database = Annotated[
    str, typer.Option("--db", envvar="DOUGONG_DB", metavar="URL", help="数据库 / sqlite:///crm.db, postgresql://user@host/name")
]
Files = Annotated[
    Path | None,
    typer.Option(
        "--files",
        envvar="DOUGONG_FILES",
        metavar="DIR",
        help="附件存放的文件夹，默认在 SQLite 文件旁边，否则是 ./files / where uploads are kept; by default beside a SQLite file, else ./files",
    ),
]
Packages = Annotated[
    list[Path] | None,
    typer.Option(
        "--path",
        envvar="DOUGONG_PATH",
        metavar="DIR",
        help="在这些文件夹里找积木和模板（可写多次） / look for building blocks and templates in these folders (may be repeated)",
    ),
]
Output = Annotated[Format, typer.Option("--format", help="输出格式 / text for people, json for programs")]
Tongue = Annotated[Lang | None, typer.Option("--lang", help="语言，默认随系统 / language, by default the locale's")]
Yes = Annotated[bool, typer.Option("--yes", help="不再询问 / do not ask")]
Host = Annotated[str, typer.Option("--host", help="监听地址 / address to listen on")]
Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="端口 / port")]
Url = Annotated[
    str | None,
    typer.Option(
        "--url",
        envvar="DOUGONG_URL",
        metavar="URL",
        help="用户打开应用的网址，邮件里的链接用它 / where people open the app, for the links in mails",
    ),
]
