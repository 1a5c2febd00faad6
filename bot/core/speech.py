"""The spoken form of a text: what a voice should say, since voices read hotlines as amounts and steps as dates.

Rules over finished texts, the same for every channel; an author's own ``speech`` goes before them.
"""

import re
from collections.abc import Callable, Sequence

from bot.core.languages import SOURCE

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_ENGLISH_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_SCALES = ("", " ngàn", " triệu", " tỷ")

# a number to call, however it is grouped: 1900 0368, 1900.0368, 1022, 0912 345 678
_CALLED = re.compile(r"(?<![\d./])(?:1[89]00[ .]?\d{4,6}|0\d{2,3}(?:[ .]?\d{3,4}){2}|10\d\d|11[1345])(?![\d/]|[.,]\d)")

_SIGNS = ((re.compile(r"[\"“”«»]"), ""), (re.compile(r"\s*…"), "."), (re.compile(r"\s*\n\s*"), ". "))
_BRACKETS = re.compile(r"\s*\(([^()]*)\)(?=(\s*[.,;:!?])?)")
_DOUBLED = re.compile(r"([.!?:;,])(?:\s*[.,])+")

_WORDS = {
    "VNeID": "vi nê ai đi", "VssID": "vi ét ét ai đi", "OTP": "ô tê pê", "SMS": "ét em ét", "NFC": "en ép xi",
    "PIN": "pin", "SIM": "sim", "passcode": "pát-cốt", "Face ID": "phây ai đi", "iPhone": "ai phôn", "iOS": "ai ô ét",
    "Android": "an-đroi", "App Store": "áp sờ-to", "CH Play": "xê hát plây", "app": "áp", "Wi-Fi": "quai-phai",
    "wifi": "quai-phai", "3G": "ba giê", "4G": "bốn giê", "5G": "năm giê", "camera": "ca-mê-ra", "link": "linh",
    "email": "i-meo", "e-mail": "i-meo", "web": "quép", "QR": "quy a", "bot": "bót", "Zalo": "da-lô",
    "ATM": "a tê em", "TP.HCM": "Thành phố Hồ Chí Minh", "CCCD": "căn cước công dân", "CMND": "chứng minh nhân dân",
    "UBND": "ủy ban nhân dân", "BHXH": "bảo hiểm xã hội", "TK01": "tê ca không một", "jailbreak": "bẻ khoá",
    "VNPT": "vê en pê tê", "gov": "gờ o vê", "vn": "vê en", "com": "com", "English": "ing-lịch",
}  # fmt: skip
_ENGLISH_WORDS = {"VNeID": "V N E I D", "OTP": "O T P", "NFC": "N F C", "CCCD": "C C C D", "TP.HCM": "T P H C M"}

_HOST = re.compile(r"\b(?:[a-z0-9-]+\.)+(?:vn|com)\b")


def spoken(text: str, language: str = "") -> str:
    """What a voice should say of a finished text.

    >>> spoken('Dạ cô gọi 1900 0368, bấm "Gửi".'), spoken("Bước 3/8: Gõ mã OTP")
    ('Dạ cô gọi một chín không không, không ba sáu tám, bấm Gửi.', 'Bước ba trên tám: Gõ mã ô tê pê')
    """
    rules = _VIETNAMESE if language in ("", SOURCE) else _ENGLISH
    for pattern, say in rules:
        text = pattern.sub(say, text)
    return _DOUBLED.sub(r"\1", " ".join(text.split()))


def spoken_choices(labels: Sequence[str], language: str = "") -> str:
    """What a voice should say of numbered answers.

    >>> spoken_choices(["Xong rồi", "Chưa được"])
    'Bấm số một: Xong rồi. Bấm số hai: Chưa được.'
    """
    press = "Bấm số {}: {}." if language in ("", SOURCE) else "Press {}: {}."
    return " ".join(
        press.format(spoken(str(number), language), spoken(label, language).rstrip("."))
        for number, label in enumerate(labels, 1)
    )


def number_in_words(number: int) -> str:
    """A number below a thousand thousand millions, the way it is said in the South.

    >>> number_in_words(15), number_in_words(21), number_in_words(100_000), number_in_words(2025)
    ('mười lăm', 'hai mươi mốt', 'một trăm ngàn', 'hai ngàn không trăm hai mươi lăm')
    """
    if number == 0:
        return _DIGITS[0]
    groups = []
    while number:
        number, group = divmod(number, 1000)
        groups.append(group)
    last = len(groups) - 1
    said = [
        _hundreds(group, whole=scale < last) + _SCALES[scale]
        for scale, group in reversed(list(enumerate(groups)))
        if group
    ]
    return " ".join(said)


def _hundreds(number: int, *, whole: bool) -> str:
    """``whole``: digits stand before it, so that its zeros are said."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    said = [f"{_DIGITS[hundreds]} trăm"] if hundreds or whole else []
    if tens:
        said.append("mười" if tens == 1 else f"{_DIGITS[tens]} mươi")
    elif ones and said:
        said.append("lẻ")
    if ones:
        said.append({(True, 1): "mốt", (True, 5): "lăm"}.get((tens > 1, ones)) or _after_ten(tens, ones))
    return " ".join(said)


def _after_ten(tens: int, ones: int) -> str:
    return "lăm" if tens == 1 and ones == 5 else _DIGITS[ones]


# ---- the rules ----


def _digit_by_digit(digits: Sequence[str]) -> Callable[[re.Match[str]], str]:
    def say(found: re.Match[str]) -> str:
        groups = re.findall(r"\d+", found[0])
        if len(groups) == 1 and len(groups[0]) == 8:
            # a hotline that was written without a gap is heard in two halves all the same
            groups = [groups[0][:4], groups[0][4:]]
        return ", ".join(" ".join(digits[int(digit)] for digit in group) for group in groups)

    return say


def _date(found: re.Match[str]) -> str:
    day, month, year = (int(part) for part in found.groups())
    return f"{number_in_words(day)} tháng {number_in_words(month)} năm {number_in_words(year)}"


def _month(found: re.Match[str]) -> str:
    return f"tháng {number_in_words(int(found[1]))} năm {number_in_words(int(found[2]))}"


def _of(found: re.Match[str]) -> str:
    return f"{number_in_words(int(found[1]))} trên {number_in_words(int(found[2]))}"


def _day(found: re.Match[str]) -> str:
    return f"{found[1]} {number_in_words(int(found[2]))} tháng {number_in_words(int(found[3]))}"


def _hour(found: re.Match[str]) -> str:
    minutes = f" {number_in_words(int(found[2]))}" if found[2] and int(found[2]) else ""
    return f"{number_in_words(int(found[1]))} giờ{minutes}"


def _range(found: re.Match[str]) -> str:
    return f"{number_in_words(int(found[1]))} tới {number_in_words(int(found[2]))}"


def _amount(found: re.Match[str]) -> str:
    words = number_in_words(int(re.sub(r"[.\s]", "", found[1])))
    return f"{words} đồng" if found[2] else words


def _percent(found: re.Match[str]) -> str:
    whole, _, part = found[1].replace(".", ",").partition(",")
    return number_in_words(int(whole)) + (f" phẩy {_each_digit(part)}" if part else "") + " phần trăm"


def _decimal(found: re.Match[str]) -> str:
    return f"{number_in_words(int(found[1]))} phẩy {_each_digit(found[2])}"


def _plain_number(found: re.Match[str]) -> str:
    digits = found[0]
    # no amount begins with a zero or has more than twelve digits
    return _each_digit(digits) if digits.startswith("0") or len(digits) > 12 else number_in_words(int(digits))


def _each_digit(digits: str) -> str:
    return " ".join(_DIGITS[int(digit)] for digit in digits)


def _words(table: dict[str, str]) -> tuple[re.Pattern[str], Callable[[re.Match[str]], str]]:
    """A rule that says each word of a table its own way, in whatever case it was written."""
    folded = {word.lower(): said for word, said in table.items()}
    longest_first = "|".join(re.escape(word) for word in sorted(table, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{longest_first})(?!\w)", re.IGNORECASE), lambda found: folded[found[0].lower()]


_Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]

_VIETNAMESE: tuple[_Rule, ...] = (
    *_SIGNS,
    (_CALLED, _digit_by_digit(_DIGITS)),
    # what is written is explained right behind it; said once is enough
    (re.compile(r"passcode, đọc là pát-cốt", re.IGNORECASE), "pát-cốt"),
    (re.compile(r"\b(\d{1,2})[/-](\d{1,2})[/-](\d{4})\b"), _date),
    (re.compile(r"(?:\b[Tt]háng )?\b(1[0-2]|[1-9])/((?:19|20)\d\d)\b"), _month),
    (re.compile(r"\b([Nn]gày) (\d{1,2})/(\d{1,2})\b"), _day),
    (re.compile(r"\b(\d{1,3})/(\d{1,3})\b"), _of),
    (re.compile(r"\b(\d{1,2})(?::|h| giờ |g)(\d\d)\b(?! (?:phút|ngày|người))"), _hour),
    (re.compile(r"\b(\d{1,2})(h)\b"), lambda found: f"{number_in_words(int(found[1]))} giờ"),
    (re.compile(r"\b(\d{1,9})\s?[–-]\s?(\d{1,9})\b"), _range),
    (re.compile(r"\b(\d+(?:[.,]\d+)?)\s?%"), _percent),
    (re.compile(r"\b(\d{1,3}(?:\.\d{3})+)(?!\d)(\s?(?:đồng|đ)\b)?"), _amount),
    (re.compile(r"\b(\d{1,12})(\s?(?:đồng|đ)\b)"), _amount),
    (re.compile(r"\b(\d{1,9}),(\d+)\b"), _decimal),
    _words(_WORDS),
    (re.compile(r"(?<![\w.])\d+(?!\w)"), _plain_number),
    (re.compile(r"(?<=\w)\.(?=[a-zà-ỹ])"), " chấm "),
    (re.compile(r"(?<=[^\W\d])/(?=[^\W\d])"), " "),
    (re.compile(r"\s·\s"), ", "),
    (_BRACKETS, r", \1,"),
)

_ENGLISH: tuple[_Rule, ...] = (
    *_SIGNS,
    (_CALLED, _digit_by_digit(_ENGLISH_DIGITS)),
    (re.compile(r"\b(\d{1,3})/(\d{1,3})\b(?!/)"), r"\1 of \2"),
    (_HOST, lambda found: found[0].replace(".", " dot ")),
    _words(_ENGLISH_WORDS),
    (re.compile(r"\s·\s"), ", "),
    (_BRACKETS, r", \1,"),
)
