"""Turns of the bot as HTML: the whole page, one turn for the script, and kind pages for what goes wrong."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from bot.channels.messages import Buttons, Message, Picture, Text, load
from bot.content.lists import digits
from bot.core.languages import SOURCE
from bot.core.replies import Button
from bot.core.speech import spoken, spoken_choices
from bot.store.chats import StoredReply
from bot.web.gallery import Gallery
from bot.web.session import new_number
from bot.web.static_files import Asset
from bot.web.words import WORDS

_TEMPLATES = Path(__file__).with_name("templates")

_NUMBER = re.compile(r"(?<![\d.,])\d(?:[ .]?\d)+(?![\d.,]?\d)")


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture in a card; without ``src`` where the content no longer has it."""

    caption: str
    src: str = ""
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Card:
    """One text with the pictures that belong to it."""

    text: Text
    figures: tuple[Figure, ...] = ()

    @property
    def speech(self) -> str:
        """What a voice says of it."""
        language = self.text.language
        text = self.text.speech or spoken(self.text.text, language)
        captions = (spoken(figure.caption, language) for figure in self.figures)
        return " ".join(_ended(each) for each in (spoken(self.text.heading, language), text, *captions) if each)


@dataclass(frozen=True, slots=True)
class TurnView:
    """What the bot said at once, as the page shows it. ``id`` is that of the outgoing row, 0 where there is none."""

    id: int
    cards: tuple[Card, ...]
    buttons: tuple[Button, ...]
    main: int | None = None

    @property
    def is_elder(self) -> bool:
        """Whether it was said in elder mode."""
        return self.main is not None

    @property
    def shown(self) -> tuple[Button, ...]:
        """The answers that stand open; in elder mode the main ones, or a whole list."""
        return self.buttons[: self.main] if self.main else self.buttons

    @property
    def folded(self) -> tuple[Button, ...]:
        """The answers that are opened by one more tap."""
        return self.buttons[self.main :] if self.main else ()

    @property
    def choices_speech(self) -> str:
        """What a voice says of the answers that stand open."""
        return spoken_choices([button.label for button in self.shown], self.language)

    @property
    def language(self) -> str:
        """The code of the language it is in."""
        return next((card.text.language for card in self.cards if card.text.language), SOURCE)

    @property
    def is_step(self) -> bool:
        """Whether its first button says that a numbered step is done."""
        return any(card.text.number for card in self.cards)


@dataclass(frozen=True, slots=True)
class Notice:
    """A kind page instead of the chat; ``name`` is that of its heading in ``bot.web.words``, with its text beside."""

    name: str


class Pages:
    """Makes the pages. May be used from several threads."""

    def __init__(
        self,
        gallery: Gallery,
        assets: Mapping[str, Asset],
        hotlines: Collection[str],
        translations: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
        *,
        phrase: str = "",
    ) -> None:
        """``translations`` are the texts of ``bot.web.words`` in other languages, by their codes; ``phrase`` is what
        people compare with the one on paper, where this site has an address of its own.
        """
        self._phrase = phrase
        self._gallery = gallery
        self._hotlines = frozenset(hotlines)
        self._translations = translations
        self._templates = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals["asset"] = lambda name: assets[name].address
        self._templates.filters["callable_numbers"] = self._callable_numbers

    def chat(self, turns: Sequence[TurnView], *, key: str) -> str:
        """The whole page; only the newest turn's buttons can be pressed."""
        newest = next((turn for turn in reversed(turns) if turn.buttons), None)
        last = max((turn.id for turn in turns), default=0)
        language = turns[-1].language if turns else SOURCE
        return self._render(
            "chat.html",
            language,
            title=f"Gõ Cửa · {self._words(language)['what']}",
            turns=turns,
            newest=newest,
            key=key,
            message=new_number(),
            last=last,
            phrase=self._phrase,
            is_elder=bool(turns) and turns[-1].is_elder,
        )

    def turn(self, turn: TurnView, *, key: str) -> str:
        """One turn, for the script to put below the others."""
        return self._render("turn.html", turn.language, turn=turn, key=key, message=new_number(), active=True)

    def notice(self, notice: Notice, accepted: str = "") -> str:
        """``accepted`` are the languages a browser asks for."""
        language = self._accepted(accepted)
        words = self._words(language)
        heading, text = words[notice.name], words[f"{notice.name}_text"]
        return self._render("notice.html", language, title=f"{heading} · Gõ Cửa", heading=heading, text=text)

    def notice_text(self, notice: Notice, accepted: str = "") -> str:
        return self._words(self._accepted(accepted))[f"{notice.name}_text"]

    def view(self, id: int, messages: Sequence[Message]) -> TurnView:
        """Messages as cards: a picture belongs to the text before it."""
        cards: list[Card] = []
        choices = Buttons(())
        for message in messages:
            match message:
                case Text():
                    cards.append(Card(message))
                case Picture():
                    last = cards.pop() if cards else Card(Text(""))
                    cards.append(Card(last.text, (*last.figures, self._figure(message))))
                case Buttons():
                    choices = message
        return TurnView(id, tuple(cards), choices.buttons, choices.main)

    def stored(self, reply: StoredReply) -> TurnView:
        """A turn as the store keeps it."""
        return self.view(reply.id, load(reply.messages))

    def _figure(self, picture: Picture) -> Figure:
        look = self._gallery.look(picture.drawing)
        if look is None:
            return Figure(picture.caption)
        return Figure(picture.caption, f"/pictures/{picture.drawing}.png?v={look.digest}", look.width, look.height)

    def _callable_numbers(self, text: str) -> Markup:
        """The text, escaped; numbers of the reviewed list can be tapped to call."""
        parts = []
        end = 0
        for found in _NUMBER.finditer(text):
            number = digits(found[0])
            if number in self._hotlines:
                parts += [escape(text[end : found.start()]), Markup('<a href="tel:{}">{}</a>').format(number, found[0])]
                end = found.end()
        return Markup("").join([*parts, escape(text[end:])])

    def _render(self, template: str, language: str, **values: object) -> str:
        values = {"is_elder": False, **values, "language": language, "words": self._words(language)}
        return self._templates.get_template(template).render(values)

    def _words(self, language: str) -> Mapping[str, str]:
        return self._translations.get(language, WORDS)

    def _accepted(self, accepted: str) -> str:
        """The first language we have of those a browser asks for; Vietnamese where it can read that at all."""
        codes = [each.strip()[:2].lower() for each in accepted.split(",")]
        return SOURCE if SOURCE in codes else next((code for code in codes if code in self._translations), SOURCE)


def _ended(text: str) -> str:
    """A sentence a voice makes a pause after."""
    return text if text.endswith((".", "!", "?", ":")) else f"{text}."
