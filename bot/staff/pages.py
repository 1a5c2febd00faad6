"""What a trainer sees: the texts and buttons of a class, made of its board alone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.classes.board import Board, Help
from bot.classes.schedule import OpenClass
from bot.content.lessons import Part
from bot.staff import words
from bot.staff.taps import data
from bot.store.moments import CITY

# seats told with symptom and remedy; of more, only the numbers: a message ends at 4096 letters
_STUCK_SHOWN = 10

# letters of a remedy, which the trainer finds whole on the board
_REMEDY = 200

# the longest label a phone shows whole
_LABEL = 30

# how many people without a phone there are buttons for
_COUNTS = ((0, 1, 2, 3, 4), (5, 6, 8, 10, 15), (20, 25, 30, 40, 50))

Row = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A message: its text, and rows of buttons, each a label with what a tap on it means."""

    text: str
    rows: tuple[Row, ...] = ()


def home(classes: Iterable[OpenClass], titles: "dict[str, str]") -> Page:
    """What can be done, with the classes somebody leads."""
    listed = tuple(((class_label(each, titles), data("cl", each.id)),) for each in classes)
    return Page(words.HELP, (((words.B_OPEN, data("new")),), *listed))


def choice(text: str, classes: Iterable[OpenClass], titles: "dict[str, str]") -> Page:
    """Which of several classes is meant."""
    return Page(text, tuple(((class_label(each, titles), data("cl", each.id)),) for each in classes))


def class_label(found: OpenClass, titles: "dict[str, str]") -> str:
    return _short(f"{when(found)} {titles[found.lesson]}")


def clock(found: OpenClass) -> str:
    return found.starts_at.astimezone(CITY).strftime("%H:%M")


def when(found: OpenClass) -> str:
    """Hour and day in the city."""
    return found.starts_at.astimezone(CITY).strftime("%H:%M %d/%m")


def venue(found: OpenClass) -> str:
    return f", {found.venue}" if found.venue else ""


# ---- a class ----


def begun(found: OpenClass, board: Board) -> tuple[Row, ...]:
    """The buttons of a class: all while it may be led, those of the confirming once it is over."""
    if board.is_over:
        return (((words.B_CONFIRM, data("cf", found.id)),),)
    rows: list[Row] = []
    if board.following is not None:
        label = words.B_NEXT if board.part else words.B_START
        title = board.following.title
        rows.append(((_short(label.format(title=title)), data("go", found.id, board.following.name)),))
    before = board.parts[board.now - 1] if board.now > 0 else None
    again = ((words.B_AGAIN, data("re", found.id)),) if board.part and board.part.opens else ()
    back = ((words.B_BACK, data("go", found.id, before.name)),) if before else ()
    rows.append((*back, *again))
    rows.append(((words.B_STUCK, data("st", found.id)), (words.B_BOARD, data("bd", found.id))))
    rows.append(((words.B_WITHOUT, data("np", found.id)), (words.B_CONFIRM, data("cf", found.id))))
    rows.append(((words.B_CODE, data("qr", found.id)), (words.B_END, data("en", found.id))))
    return tuple(row for row in rows if row)


def part_page(found: OpenClass, board: Board) -> Page:
    """What the trainer reads aloud now, and what every phone just got."""
    part = board.part
    if part is None:
        return Page(words.NOT_BEGUN, begun(found, board))
    heading = words.PART.format(
        number=board.now + 1, count=len(board.parts), title=part.title, minutes=part.minutes[found.length]
    )
    reached = [words.REACHED.format(seats=board.seats)] if part.opens else []
    return Page("\n\n".join((heading, *_script(part), *reached)), begun(found, board))


def _script(part: Part) -> Iterator[str]:
    yield words.PAUSE.format(text=part.pause) if part.pause else words.SAY.format(text=part.say)
    if part.play:
        turns = (
            words.TRICK.format(text=each.trick) + "\n" + words.ANSWER.format(text=each.answer) for each in part.play
        )
        yield "\n".join((words.PLAY, *turns))
    if part.do:
        yield words.DO.format(text=part.do)
    if part.ask:
        yield words.ASK.format(ask=part.ask, answer=part.answer)


def board_page(found: OpenClass, board: Board) -> Page:
    """How many are on which step."""
    part = board.part
    title = words.NOT_BEGUN
    if part is not None:
        title = words.PART.format(
            number=board.now + 1, count=len(board.parts), title=part.title, minutes=part.minutes[found.length]
        )
    lines = [words.BOARD.format(title=board.title, part=title, seats=board.seats, without_phone=board.without_phone)]
    if part is not None and part.opens:
        lines.append(words.DONE.format(done=board.done, here=board.here))
    lines += [
        (words.HERE if each.is_now else words.STANDING).format(step=each.step, seats=each.seats)
        for each in board.standing
    ]
    if board.help:
        lines.append(words.NEEDS_HELP.format(seats=len(board.help)))
    phones = {"iphone": board.phones.get("iphone", 0), "android": board.phones.get("android", 0)}
    lines.append(words.PHONES.format(**phones, unknown=board.phones.get("", 0)))
    if part is not None:
        lines.append(words.LEFT.format(part=_minutes(board.part_left), lesson=_minutes(board.lesson_left)))
    return Page("\n".join(lines), begun(found, board))


def _minutes(left: int) -> str:
    return str(left) if left >= 0 else words.OVERTIME.format(minutes=-left)


def stuck_page(found: OpenClass, board: Board) -> Page:
    """The seats that ask for help, each with its symptom and what to try first."""
    if not board.help:
        return Page(words.NOBODY_STUCK, begun(found, board))
    told = [_stuck(each) for each in board.help[:_STUCK_SHOWN]]
    if more := board.help[_STUCK_SHOWN:]:
        told.append(words.MORE_STUCK.format(seats=", ".join(str(each.seat) for each in more)))
    return Page("\n\n".join(told), begun(found, board))


def _stuck(each: Help) -> str:
    phone = words.PHONE_KINDS.get(each.phone, "")
    text = words.STUCK.format(seat=each.seat, phone=phone, step=each.step or "chưa vô bước nào", symptom=each.symptom)
    return "\n".join((text, words.REMEDY.format(text=_cut(each.remedy, _REMEDY)))) if each.remedy else text


def code_page(found: OpenClass, board: Board, projector: str) -> Page:
    """What stands under the picture that opens the class."""
    code = f"{found.code[:3]} {found.code[3:]}"
    return Page(words.CODE.format(code=code, projector=projector), begun(found, board))


def count_page(found: OpenClass) -> Page:
    """How many came without a phone."""
    rows = tuple(tuple((str(count), data("np", found.id, count)) for count in counts) for counts in _COUNTS)
    return Page(words.HOW_MANY, rows)


def end_page(found: OpenClass) -> Page:
    return Page(words.ASK_END, (((words.B_YES_END, data("en", found.id, "yes")), (words.B_NO, data("bd", found.id))),))


def _short(label: str) -> str:
    return _cut(label, _LABEL)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
