"""Fills a template with facts and has it printed as a PDF, with the letters and pictures of this project alone."""

import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from importlib.resources import as_file, files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

# the cuts of Roboto the templates use, with their weights
_CUTS = {"Regular": 400, "Medium": 500, "Bold": 700, "Black": 900}

# what the dynamic linker says where a system library is missing
_NO_LIBRARY = "cannot load library"


class PressError(Exception):
    """Nothing was printed; the message says in Vietnamese what to do."""


def print_pdf(template: str, facts: Mapping[str, Any], *, copies: int = 1) -> bytes:
    """The pages of ``templates/<template>.html``, as many times over. Raises ``PressError``."""
    html = _environment().get_template(f"{template}.html").render(facts, cuts=_cuts())
    command = [sys.executable, "-m", "bot.paper.printing", str(copies)]
    done = subprocess.run(command, input=html.encode("utf-8"), capture_output=True, check=False)  # noqa: S603
    if done.returncode == 0:
        return done.stdout
    said = done.stderr.decode("utf-8", "replace").strip()
    if _NO_LIBRARY in said:
        raise PressError(
            "Máy này thiếu Pango để in. Trên Debian, Ubuntu: "
            "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        )
    raise PressError(f"Không in được: {said.splitlines()[-1] if said else f'mã {done.returncode}'}")


@cache
def _environment() -> Environment:
    loader = PackageLoader("bot.paper")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


@cache
def _cuts() -> tuple[tuple[str, int], ...]:
    """Where each cut lies, as an address, and how heavy it is."""
    with as_file(files("font_roboto") / "files") as folder:
        return tuple(((folder / f"Roboto-{name}.ttf").as_uri(), weight) for name, weight in _CUTS.items())
