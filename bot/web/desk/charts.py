"""Charts as SVG, drawn here so that no script is needed: the numbers always stand beside them.

Colours come from ``desk.css`` by class names. A number that is not told (a cell too small, T9) is None.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

# the trend's own measures: it is scaled to the width there is
_WIDTH, _HEIGHT = 480, 220
_LEFT, _TOP, _BASE = 8, 30, 180
_GAP = 0.28

# labels below the columns, with room between them
_LABELS = 6

# so wide a column has room for its own number
_ROOMY = 52


@dataclass(frozen=True, slots=True)
class Column:
    """A week and its number; ``label`` is short, as it stands below its column."""

    label: str
    value: int | None


def bar(value: float | None, most: float, *, mark: float | None = None, kind: str = "") -> Markup:
    """One row's bar, as wide as its cell; ``mark`` is where a target lies. Its number stands in the next cell.

    >>> str(bar(None, 10)).count('class="hidden"')
    1
    """
    parts = [Markup('<rect class="track" width="100" height="10" rx="1"/>')]
    if value is None:
        parts.append(Markup('<rect class="hidden" width="100" height="10" rx="1"/>'))
    elif value > 0:
        width = _share(value, most)
        parts.append(Markup('<rect class="fill {}" width="{}" height="10" rx="1"/>').format(kind, _number(width)))
    if mark is not None:
        at = min(_share(mark, most), 99.4)
        parts.append(Markup('<rect class="mark" x="{}" y="0" width=".8" height="10"/>').format(_number(at)))
    return Markup(
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">{}</svg>'
    ).format(Markup("").join(parts))


def trend(name: str, title: str, description: str, columns: Sequence[Column]) -> Markup:
    """Columns by week with their numbers on top. ``name`` makes the ids of the page's own.

    >>> "&lt;b&gt;" in trend("t", "<b>", "", [Column("46", 3)])
    True
    """
    most = max((column.value or 0 for column in columns), default=0) or 1
    step = (_WIDTH - 2 * _LEFT) / max(len(columns), 1)
    every = -(-len(columns) // _LABELS) or 1
    drawn = [
        _column(column, _LEFT + step * at, step, most, is_labelled=(len(columns) - 1 - at) % every == 0)
        for at, column in enumerate(columns)
    ]
    return Markup(
        '<svg class="trend" viewBox="0 0 {w} {h}" role="img" aria-labelledby="{name}-title {name}-text">'
        '<title id="{name}-title">{title}</title><desc id="{name}-text">{description}</desc>'
        '<line class="axis" x1="{left}" x2="{right}" y1="{base}" y2="{base}"/>{drawn}</svg>'
    ).format(
        w=_WIDTH,
        h=_HEIGHT,
        name=name,
        title=title,
        description=description,
        left=_LEFT,
        right=_WIDTH - _LEFT,
        base=_BASE,
        drawn=Markup("").join(drawn),
    )


def _column(column: Column, x: float, step: float, most: int, *, is_labelled: bool) -> Markup:
    width, middle = step * (1 - _GAP), x + step / 2
    tall = (_BASE - _TOP) * (column.value or 0) / most
    kind, told = ("fill", f"{column.value:,}".replace(",", ".")) if column.value is not None else ("hidden", "–")
    tall = max(tall, 4.0)
    label = Markup('<text class="week" x="{}" y="{}">{}</text>').format(_number(middle), _BASE + 26, column.label)
    return Markup(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="3"/><text class="value" x="{}" y="{}">{}</text>{}'
    ).format(
        kind,
        _number(x + step * _GAP / 2),
        _number(_BASE - tall),
        _number(width),
        _number(tall),
        _number(middle),
        _number(_BASE - tall - 8),
        told if is_labelled or step > _ROOMY else "",
        label if is_labelled else Markup(""),
    )


def _share(value: float, most: float) -> float:
    return max(0.0, min(100.0, 100.0 * value / most)) if most > 0 else 0.0


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
