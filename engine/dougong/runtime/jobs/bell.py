"""The bell of a process: whoever leaves work rings it, and workers that wait hear it, all of them, once each."""

import threading


class Bell:
    """Rings are counted, so that one that comes between looking for work and waiting is not missed."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._rings = 0

    @property
    def rings(self) -> int:
        """How often it has rung; to be noted before looking for work."""
        return self._rings

    def ring(self) -> None:
        """There is work."""
        with self._changed:
            self._rings += 1
            self._changed.notify_all()

    def wait(self, rings: int, seconds: float) -> None:
        """Wait until it has rung more often than `rings`, no longer than so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._rings != rings, seconds)
