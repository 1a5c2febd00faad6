"""Draws an evaluation: bars of shares, and what was mistaken for what."""

from collections.abc import Iterable, Mapping, Sequence
from xml.sax.saxutils import escape

from bot.nlu.evaluation import Score

# pixels
_ROW = 22
_BAR = 360
_LABELS = 230
_CELL = 14
_MARGIN = 24

_INK, _GOOD, _BAD = "#22303c", "#2a7f62", "#b3413b"


def draw(score: Score, views: Mapping[str, float]) -> str:
    """A score as one SVG picture: registers and noisy views as bars, mistakes as a matrix of intents."""
    top = _bars("Theo cách gõ", score.by_register, _MARGIN)
    below = _MARGIN + (len(score.by_register) + 2) * _ROW
    middle = _bars("Cùng các câu ấy, gõ ẩu hơn", views, below)
    below += (len(views) + 2) * _ROW
    intents = sorted({intent for wanted, got, _ in score.confusions for intent in (wanted.split("|")[0], got)})
    side = len(intents) * _CELL
    width = max(_LABELS + _BAR + 90, _LABELS + side) + _MARGIN
    height = below + 2 * _ROW + side + _LABELS
    title = f"{score.lines} câu, đúng {score.accuracy:.1%}"
    parts = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif"'
        f' font-size="12" fill="{_INK}">',
        f"<title>{title}</title>",
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        *top,
        *middle,
        *_matrix(score.confusions, intents, below),
        "</svg>",
    )
    return "\n".join(parts) + "\n"


def _bars(title: str, shares: Mapping[str, float], top: int) -> Iterable[str]:
    yield f'<text x="{_MARGIN}" y="{top}" font-weight="bold">{escape(title)}</text>'
    for row, (name, share) in enumerate(shares.items(), 1):
        middle = top + row * _ROW
        yield _label(name or "(không ghi)", _LABELS - 8, middle)
        yield f'<rect x="{_LABELS}" y="{middle - 12}" width="{_BAR * share:.1f}" height="16" fill="{_GOOD}"/>'
        yield f'<text x="{_LABELS + _BAR * share + 6:.1f}" y="{middle}">{share:.1%}</text>'


def _matrix(confusions: Sequence[tuple[str, str, int]], intents: Sequence[str], top: int) -> Iterable[str]:
    yield f'<text x="{_MARGIN}" y="{top}" font-weight="bold">Nhầm: hàng là ý đúng, cột là ý máy hiểu</text>'
    top += _ROW
    most = max((count for *_, count in confusions), default=1)
    place = {intent: index * _CELL for index, intent in enumerate(intents)}
    side = len(intents) * _CELL
    for intent, at in place.items():
        yield _label(intent, _LABELS - 8, top + at + 11)
        yield f'<path d="M{_LABELS} {top + at}h{side}M{_LABELS + at} {top}v{side}" stroke="#e4e8eb"/>'
        yield f'<g transform="translate({_LABELS + at + 10} {top + side + 8}) rotate(-90)">{_label(intent, 0, 0)}</g>'
    for wanted, got, count in confusions:
        x, y = _LABELS + place[got], top + place[wanted.split("|")[0]]
        yield f'<rect x="{x}" y="{y}" width="{_CELL}" height="{_CELL}" fill="{_BAD}" opacity="{count / most:.2f}">'
        yield f"<title>{escape(wanted)} → {escape(got)}: {count}</title></rect>"


def _label(text: str, x: int, y: int) -> str:
    return f'<text x="{x}" y="{y}" text-anchor="end" font-size="11">{escape(text[:40])}</text>'
