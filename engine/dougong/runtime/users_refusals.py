"""R68x: what is wrong with an account, as whoever manages it is told."""

from dougong.refusals import RefusalCode

PASSWORD_TOO_SHORT = RefusalCode("R680", 422, "密码至少要 {least} 个字符", "A password needs at least {least} characters")
PASSWORD_TOO_LONG = RefusalCode("R681", 422, "密码最多 {most} 个字符", "A password has at most {most} characters")
NO_USER = RefusalCode("R682", 404, "没有账号“{login}”", "There is no user “{login}”")
NO_ROLE = RefusalCode("R683", 422, "没有名为“{role}”的角色，有：{roles}", "There is no role “{role}”; there are: {roles}")
NO_TOKEN = RefusalCode("R684", 404, "没有编号为 {id} 的令牌", "There is no token {id}")
