"""What pools say no with: R37x."""

from dougong.refusals import RefusalCode

NO_POOL = RefusalCode("R370", 404, "没有公海“{name}”", "There is no pool “{name}”")
NOT_YOURS = RefusalCode("R371", 403, "您不能在公海“{pool}”里领取", "You may not claim from the pool “{pool}”")
NOT_IN_POOL = RefusalCode(
    "R372", 409, "这条记录不在公海里，可能刚被别人领走", "This is not in a pool; perhaps somebody has just claimed it"
)
NOT_THIS_ONE = RefusalCode(
    "R373", 403, "公海“{pool}”里的这条记录您不能领取：{condition}", "You may not claim this one from the pool “{pool}”: {condition}"
)
TOO_MANY_OPEN = RefusalCode(
    "R374",
    422,
    "您手上已有 {count} 条，公海“{pool}”最多同时持有 {limit} 条",
    "You have {count} already; the pool “{pool}” allows {limit} at once",
)
TOO_MANY_TODAY = RefusalCode(
    "R375",
    422,
    "您今天已从公海“{pool}”领取 {limit} 条，明天再领",
    "You have claimed {limit} from the pool “{pool}” today, which is all for one day",
)
HAD_IT = RefusalCode(
    "R376",
    422,
    "这条记录不久前从您手上进了公海“{pool}”，{until} 以后才能再领",
    "You had this before it went into the pool “{pool}”; you may claim it again after {until}",
)
NOT_HOLDER = RefusalCode("R377", 403, "这条记录不归您，不能退回公海", "This is not yours to give back")
NOTHING_TO_GO_TO = RefusalCode(
    "R378", 422, "{object}有几个公海，请写明退回哪一个：{pools}", "There are several pools for {object}; say which: {pools}"
)
REASON_NEEDED = RefusalCode("R379", 422, "请写明退回公海的原因", "Please say why you give it back")
