"""The terminal as a channel: a plain protocol that other tools can drive, and a friendlier face for people."""

from collections.abc import Callable, Iterable
from typing import TextIO

from rich.console import Console
from rich.panel import Panel
from rich.text import Text as RichText

from bot.channels.messages import Buttons, Message, Picture, Text

CHANNEL = "terminal"


def write_plain(messages: Iterable[Message], out: TextIO) -> None:
    """``bot> text``, ``bot> [hình: name] caption``, ``[1] label`` (fixed: other tools read it)."""
    for message in messages:
        match message:
            case Text():
                out.write(f"bot> {message.whole}\n")
            case Picture(name, caption):
                out.write(f"bot> [hình: {name}] {caption}\n")
            case Buttons(buttons) if not message.apart:
                out.writelines(f"[{number}] {button.label}\n" for number, button in enumerate(buttons, 1))
    out.flush()


def write_rich(messages: Iterable[Message], console: Console) -> None:
    """The same for the eyes: a card a message, numbered buttons below."""
    for message in messages:
        match message:
            case Text(text, heading):
                console.print(
                    Panel(RichText(text), title=heading or None, title_align="left", border_style="cyan", width=76)
                )
            case Picture(name, caption):
                console.print(RichText(f"  🖼  {caption}  ({name})", style="dim"))
            case Buttons(buttons) if not message.apart:
                for number, button in enumerate(buttons, 1):
                    console.print(RichText.assemble("  ", (f"{number}", "bold green"), f"  {button.label}"))


def talk(
    lines: Iterable[str], answer: Callable[[str | None], Iterable[Message]], show: Callable[[Iterable[Message]], None]
) -> None:
    """A whole chat: what stands at the door first, then an answer a line, until the lines end."""
    show(answer(None))
    for line in lines:
        show(answer(line.rstrip("\r\n")))
