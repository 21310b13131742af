"""R73x: questions that would tell more than the person may see."""

from dougong.refusals import RefusalCode

MASKED_HERE = RefusalCode(
    "R733", 422, "“{title}”对您是遮盖的，不能用来筛选或排序", "“{title}” is masked for you: it cannot be filtered or sorted by"
)
