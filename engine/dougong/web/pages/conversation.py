"""Messages on channels as a record's story tells them: what came in, what went out, and what did not arrive."""

from dougong.runtime.channels.sessions import Said
from dougong.runtime.session import Session
from dougong.web.pages.shell import Shell
from dougong.web.pages.texts import noted, text

SENTENCES = {
    "waiting": noted("a message goes out"),
    "running": noted("a message goes out"),
    "done": noted("a message went out"),
    "dead": noted("a message did not arrive"),
    "cancelled": noted("a message was not sent any more"),
}


def told(session: Session, shell: Shell, object: str, id: int) -> list[tuple[Said, str, str]]:
    """Each message with its channel's title and what became of it."""
    channels = session.app.channels
    found = []
    for said in session.conversation(object, id):
        channel = channels.get(said.channel)
        title = text(shell.language, "Mail") if channel is None and said.channel == "mail" else said.channel
        words = noted("a message came in") if said.direction == "in" else SENTENCES.get(said.state or "done", SENTENCES["done"])
        found.append((said, channel.title.text(shell.language) if channel is not None else title, text(shell.language, words)))
    return found
