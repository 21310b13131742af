"""What approvals say no with: R35x."""

from dougong.refusals import RefusalCode

RUNS_ALREADY = RefusalCode("R350", 409, "“{approval}”已经在审批中", "“{approval}” is running already")
CONDITION = RefusalCode("R351", 422, "还不能提交“{approval}”：{condition}", "“{approval}” cannot be started yet: {condition}")
NOBODY_ASKED = RefusalCode(
    "R352",
    422,
    "“{approval}”的步骤“{step}”找不到足够的人来审批",
    "There are not enough people who could decide on step “{step}” of “{approval}”",
)
NOT_ASKED = RefusalCode("R353", 403, "这一步没有轮到您审批，或者已经处理过了", "You are not asked here, or it has been decided already")
NO_APPROVAL = RefusalCode("R354", 404, "没有名为“{name}”的审批", "There is no approval “{name}”")
ENDED = RefusalCode("R355", 409, "这次审批已经结束", "This approval has ended")
NOT_SUBMITTER = RefusalCode("R356", 403, "只有提交人可以撤回", "Only the person who submitted it may withdraw it")
REASON_NEEDED = RefusalCode("R357", 422, "请写明原因", "Please give a reason")
NO_SUCH_STEP = RefusalCode("R358", 422, "不能退回到这一步", "It cannot be returned to this step")
LOCKED = RefusalCode("R359", 409, "“{approval}”审批期间不能修改{title}", "{title} cannot be changed while “{approval}” is running")
UNKNOWN_PERSON = RefusalCode("R360", 422, "没有“{login}”这个人，或者已停用", "There is nobody called “{login}”, or they are not active")
IN_IT_ALREADY = RefusalCode("R361", 422, "{person}已经在这一步里了", "{person} takes part in this step already")
STARTED_BY_EVENT = RefusalCode(
    "R362", 422, "“{approval}”由系统在相应的时候发起，不能手动提交", "“{approval}” starts by itself and cannot be submitted by hand"
)
OTHER_HAT = RefusalCode(
    "R364",
    422,
    "{person}提交了这次审批，或者已经在前面的步骤里同意过，不能再审批",
    "{person} submitted this or has agreed in an earlier step, and cannot decide again",
)
RUNS_WHILE_DELETED = RefusalCode("R363", 409, "“{approval}”审批期间不能删除", "It cannot be deleted while “{approval}” is running")
