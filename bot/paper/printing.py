"""HTML in, PDF out, as many times over: ``python -m bot.paper.printing COPIES``. A process of its own: who serves never
loads WeasyPrint, and starts without the system's Pango, too.
"""

import sys

import weasyprint
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher


def print_pdf(html: str, copies: int) -> bytes:
    """The pages. Pictures and letters are data or files of this machine; nothing is fetched."""
    fetcher = URLFetcher(allowed_protocols=("data", "file"), fail_on_errors=True)
    document = weasyprint.HTML(string=html, url_fetcher=fetcher).render(font_config=FontConfiguration())
    # laid out once, however many are wanted
    pdf: bytes = document.copy(document.pages * copies).write_pdf()
    return pdf


if __name__ == "__main__":
    sys.stdout.buffer.write(print_pdf(sys.stdin.buffer.read().decode("utf-8"), int(sys.argv[1])))
