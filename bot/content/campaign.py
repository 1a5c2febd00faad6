"""Reads ``knowledge/campaign.yml``: the campaign and its phases."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from bot.content.reading import Problems, Section, read_yaml

_WORDS = ("code", "title", "starts_on", "ends_on", "phases")
_PHASE_WORDS = ("title", "starts_on", "ends_on")


@dataclass(frozen=True, slots=True)
class PhaseRow:
    """A phase, both days included, as ``YYYY-MM-DD``."""

    code: str
    title: str
    starts_on: str
    ends_on: str


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """The campaign; its phases in the order of the file."""

    code: str
    title: str
    starts_on: str
    ends_on: str
    phases: tuple[PhaseRow, ...]


def load_campaign(root: Path, problems: Problems) -> CampaignRow | None:
    """The campaign, or None where there is no such file."""
    path = root / "knowledge" / "campaign.yml"
    section = read_yaml(path, root, problems) if path.exists() else None
    if section is None:
        return None
    section.allow(_WORDS)
    phases = section.section("phases")
    rows = []
    for code in phases.keys if phases else []:
        each = phases.section(code, f'giai đoạn "{code}"') if phases else None
        if each is not None:
            each.allow(_PHASE_WORDS)
            rows.append(PhaseRow(code, *_told(each)))
    return CampaignRow(section.text("code"), *_told(section), tuple(rows))


def _told(section: Section) -> tuple[str, str, str]:
    """Title and both days; what is wrong with them is noted."""
    title, begins, ends = (section.text(word) for word in _PHASE_WORDS)
    if not title:
        section.complain('thiếu "title".')
    for word, day in (("starts_on", begins), ("ends_on", ends)):
        if not _is_day(day):
            section.complain(f'"{word}" phải là ngày viết như 2026-01-27.', section.line_of(word))
    if _is_day(begins) and _is_day(ends) and ends < begins:
        section.complain("kết thúc trước khi bắt đầu.", section.line_of("ends_on"))
    return title, begins, ends


def _is_day(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
