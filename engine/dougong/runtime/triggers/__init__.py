"""What administrators may ask about triggers: what fired, why it did not, what would happen."""

from dougong.runtime.triggers.explaining import explain_trigger
from dougong.runtime.triggers.log import trigger_log
from dougong.runtime.triggers.rehearsal import dry_run
from dougong.runtime.triggers.told import Entry, Explanation, LogPage, Rehearsal, Step

__all__ = ["Entry", "Explanation", "LogPage", "Rehearsal", "Step", "dry_run", "explain_trigger", "trigger_log"]
