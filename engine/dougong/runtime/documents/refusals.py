"""R84x: what documents say no with."""

from dougong.refusals import RefusalCode

NO_DOCUMENT = RefusalCode("R840", 404, "这条记录没有文档“{name}”", "The record has no document “{name}”")
