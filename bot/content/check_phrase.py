"""The check phrase (T48): three plain words printed on every paper and shown on the page its QR code opens.

Whoever doubts a poster compares the words; a copy that leads to another site has other words there.
"""

import hashlib
from urllib.parse import urlsplit

# 64 things everybody has seen, of sounds that are not mistaken for one another
_WORDS = (
    "sông", "lúa", "cầu", "mưa", "nắng", "gió", "trăng", "sao", "biển", "núi", "rừng", "suối", "đò",
    "ghe", "chợ", "đình", "xoài", "dừa", "chuối", "cam", "ổi", "mít", "khế", "sen", "mai", "cúc",
    "lan", "tre", "trúc", "bàng", "me", "phượng", "trâu", "bò", "gà", "vịt", "mèo", "chó", "cá",
    "tôm", "cua", "ốc", "cò", "én", "ong", "bướm", "ve", "nai", "nón", "áo", "guốc", "đèn",
    "chén", "đũa", "nồi", "trống", "sáo", "diều", "võng", "quạt", "thư", "bút", "đá", "lửa",
)  # fmt: skip


def check_phrase(address: str) -> str:
    """The words that belong to the site of an address, whatever page of it.

    >>> check_phrase("https://gocua.example/lop") == check_phrase("https://GoCua.example")
    True
    """
    host = urlsplit(address).hostname or address
    digest = hashlib.sha256(host.encode()).digest()
    return " · ".join(_WORDS[byte % len(_WORDS)] for byte in digest[:3])
