"""`dougong new`: a folder with a small app to start from, or a copy of a template."""

import shutil
from pathlib import Path
from typing import Annotated

import typer

from dougong.cli.options import Tongue
from dougong.cli.speech import Mistake, Speech
from dougong.cli.templates import find_template

STARTER = """\
# {name}：从这里开始。改完运行 dougong check . 查看错误，dougong plan . 查看改动，dougong apply . 应用。
# {name}: start here. After a change: dougong check . shows mistakes, dougong plan . what would change, dougong apply . does it.
app: {name}
version: 0.1.0
title: {{zh: 我的客户管理, en: My CRM}}
timezone: Asia/Shanghai
currency: CNY

objects:
  customer:
    title: {{zh: 客户, en: Customer}}
    record_title: name
    fields:
      name: text required unique searchable "客户名称"
      phone: phone "电话"
      owner: user default me "负责人"
      note: long_text "备注"

roles:
  admin:
    title: {{zh: 管理员, en: Administrator}}
    admin: true
    may:
      - read, create, update, delete user
      - read, create, update, delete customer
  sales:
    title: {{zh: 销售, en: Sales}}
    may:
      - read user
      - read, create customer
      - update customer where owner = me
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("new", help="新建一个应用文件夹 / make the folder of a new app")(new)


def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="新文件夹 / the new folder")],
    template: Annotated[str | None, typer.Option("--template", metavar="T", help="从这个模板复制 / copy this template")] = None,
    lang: Tongue = None,
) -> None:
    """Make the folder; one that holds anything already is left alone."""
    speech = Speech.of(lang)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Mistake(f"{folder} 已经存在，而且不是空文件夹", f"{folder} exists already and is not an empty folder")
    source = None if template is None else find_template(template)
    try:
        if source is None:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "app.yaml").write_text(STARTER.format(name=_name(folder)), encoding="utf-8")
        else:
            shutil.copytree(source, folder, dirs_exist_ok=True)
    except OSError as error:
        raise Mistake(f"写不了 {folder}", f"{folder} cannot be written") from error
    speech.say(
        f"已建好 {folder}。接下来：dougong check {folder}，dougong serve {folder} --apply",
        f"Made {folder}. Next: dougong check {folder}, dougong serve {folder} --apply",
    )


def _name(folder: Path) -> str:
    """A name for the app that is a plain identifier."""
    text = "".join(c if c.isalnum() else "_" for c in folder.resolve().name.lower()).strip("_")
    return text if text and not text[0].isdigit() else f"app_{text}".rstrip("_")
