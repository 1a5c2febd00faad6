"""HTML in, PDF out: ``python -m bot.paper.printing``. A process of its own: serving never loads WeasyPrint, and starts
without the system's Pango, too.
"""

import sys

import weasyprint
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher


def print_pdf(html: str) -> bytes:
    """The pages. Pictures and letters are data or files of this machine; nothing is fetched."""
    fetcher = URLFetcher(allowed_protocols=("data", "file"), fail_on_errors=True)
    pdf: bytes = weasyprint.HTML(string=html, url_fetcher=fetcher).write_pdf(font_config=FontConfiguration())
    return pdf


if __name__ == "__main__":
    sys.stdout.buffer.write(print_pdf(sys.stdin.buffer.read().decode("utf-8")))
