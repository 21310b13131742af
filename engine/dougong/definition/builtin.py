"""The objects that every app has without writing them, and their fields: users and teams."""

from dougong_dsl.titles import Title

USER = "user"
TEAM = "team"
Row = tuple[str, str, dict[str, object], Title, bool, bool, bool]
"""Column, type, options, title, required, unique, searchable."""

USER_FIELDS: tuple[Row, ...] = (
    ("login", "text", {"max": 100, "pattern": r"\S+"}, Title("登录名", "Login"), True, True, True),
    ("name", "text", {"max": 100}, Title("姓名", "Name"), True, False, True),
    ("email", "email", {}, Title("邮箱", "Email"), False, False, False),
    ("roles", "choice", {"many": True}, Title("角色", "Roles"), False, False, False),
    ("manager", "user", {}, Title("上级", "Manager"), False, False, False),
    ("active", "boolean", {}, Title("在职", "Active"), False, False, False),
    ("team", "team", {}, Title("团队", "Team"), False, False, False),
    ("calendar", "text", {"max": 100}, Title("工作日历", "Calendar"), False, False, False),
)
TEAM_FIELDS: tuple[Row, ...] = (
    ("name", "text", {"max": 100}, Title("名称", "Name"), True, False, True),
    ("parent", "team", {}, Title("上级团队", "Parent team"), False, False, False),
    ("leader", "user", {}, Title("负责人", "Leader"), False, False, False),
    ("calendar", "text", {"max": 100}, Title("工作日历", "Calendar"), False, False, False),
)
