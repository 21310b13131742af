"""The `dougong` command. One module per group of commands; what they share is in `speech` (language, output) and `options`.

Heavy imports stand inside the commands, so that `dougong --help` answers at once.
"""

from dougong.cli.command import main

__all__ = ["main"]
