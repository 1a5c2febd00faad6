"""What a person's words mean, whoever found it out: a table of plain words or a model."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing named in the text; ``start`` and ``end`` are offsets in the characters of the text as received."""

    name: str
    value: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Meaning:
    """An intent and how sure it is (0 to 1); an empty one: nothing understood. ``guesses`` are worth asking about.

    ``also`` is what the same letters mean with other marks: "dung" is "dừng" or "đúng", as the question has it.
    ``beside`` is what else was said: "má em nói không" names somebody, and says no.
    """

    intent: str = ""
    confidence: float = 0.0
    entities: tuple[Entity, ...] = ()
    guesses: tuple[str, ...] = ()
    also: str = ""
    beside: str = ""

    def entity(self, name: str) -> str:
        """The value of the first entity of that name, or nothing."""
        return next((entity.value for entity in self.entities if entity.name == name), "")


NOTHING = Meaning()

# meanings the engine itself acts on; a dialog may answer further ones (its word "hears")
COMMANDS = (
    "done", "stuck", "yes", "no", "back", "repeat", "not_understand", "unsure", "pause", "goodbye", "resume", "restart",
    "menu", "greet", "thanks", "elder_here", "voice", "media", "unread", "too_long", "out_of_scope", "none_of_these",
    "not_now", "remind_me", "stop_reminding", "elder_mode", "usual_mode", "elder_sign", "read_on", "list_wards",
    "no_ward", "join_class", "leave_class",
)  # fmt: skip
