"""Finds texts that ask a person for what may never be asked for (T30).

A text may speak of codes and cards — it must, to help — but never ask that they be sent, read out or typed here.
"""

import re

from bot.core.text import fold

# what is never asked for, in folded words
_SECRETS = {
    "mã OTP": r"otp|ma xac nhan|ma gui ve|ma (?:trong )?tin nhan|ma vua (?:gui|toi|ve)",
    "passcode": r"passcode|ma (?:6|sau) so|(?:6|sau) so",
    "mật khẩu": r"mat khau|mat ma|password",
    "câu trả lời bảo mật": r"cau tra loi bao mat|cau hoi bao mat",
    "số căn cước": r"so can cuoc|so cccd|so dinh danh|cmnd|so bao hiem|ma so bhxh|so ho chieu",
    "hình giấy tờ, gương mặt": (
        r"(?:hinh|anh)(?: chup)?(?: mat)? ?(?:truoc|sau)? ?(?:cua )?(?:can cuoc|the|giay to|cccd|guong mat|khuon mat)"
    ),
    "số tài khoản, số thẻ": r"so tai khoan|so the|cvv|cvc|ma pin|ba so sau lung the|so du",
    "số điện thoại": r"so dien thoai",
    "vị trí": r"vi tri|dinh vi|toa do",
    "chia sẻ màn hình": r"man hinh",
    "tiền": r"tien|phi|le phi",
}

# verbs that hand something over; "gui ve" is what a text message does, not the person
_HANDING = (
    r"(?:gui(?! ve| yeu cau| toi| den)|doc|nhan(?= (?:cho|qua|vao|vo|lai))|noi|cho|bao|dua|khai|cung cap|chia se|chup"
    r"|quay|chuyen|nop|dong)"
)

# to whom or where it would be handed: the bot, or this chat
_HERE = r"(?:cho (?:em|con|chau|minh|bot)|(?:vao|vo|qua|o|len) day|(?:vao|vo|trong|o) (?:khung|o) chat|qua zalo)"

_DENIED = re.compile(r"\b(?:dung|khong|chua|chang|khoi|ai keu|ai doi|ai xin|ai hoi|keu|la lua)\b")
_QUOTED = re.compile(r'"[^"]*"')
_SENTENCE = re.compile(r"[.!?;:\n]+")


def asked_for(text: str) -> str:
    """What a text asks for that it must not, or nothing.

    >>> asked_for("Dạ anh đọc mã OTP cho em nha.")
    'mã OTP'
    >>> asked_for("Dạ mã OTP thì đừng đọc cho ai, kể cả em.")
    ''
    """
    spoken = _QUOTED.sub(" ", text).replace("{em}", "em").replace("{Em}", "em").replace("{anh_chi}", "anh")
    for sentence in _SENTENCE.split(spoken):
        for clause in _clauses(sentence):
            if found := _asked_in(clause):
                return found
    return ""


def _clauses(sentence: str) -> list[str]:
    return [fold(clause) for clause in re.split(r",| rồi | nhưng ", sentence)]


def _asked_in(clause: str) -> str:
    if _DENIED.search(clause):
        return ""
    for name, secret in _SECRETS.items():
        handed = re.search(rf"\b{_HANDING}\b.*\b(?:{secret})\b.*\b{_HERE}\b", clause)
        turned = re.search(rf"\b{_HANDING}\b.*\b{_HERE}\b.*\b(?:{secret})\b", clause)
        typed = re.search(rf"\b(?:nhap|go|dien|dan|ghi)\b.*\b(?:{secret})\b.*\b{_HERE}\b", clause)
        given = re.search(rf"\bcho (?:em|con|chau|minh|bot) (?:xin|biet|hoi|coi)\b.*\b(?:{secret})\b", clause)
        wanted = re.search(rf"\b(?:em|con|chau|bot) (?:can|xin|muon biet|muon coi)\b.*\b(?:{secret})\b", clause)
        sent = re.search(rf"\b(?:gui|chup|quay)\b(?! ve| yeu cau).*\b(?:{secret})\b", clause)
        what = re.search(rf"\b(?:{secret})\b.*\b(?:la gi|la bao nhieu|may so|so may)\b", clause)
        paid = name == "tiền" and re.search(r"\b(?:chuyen|nop|dong|tra)\b (?:tien|phi|le phi)\b", clause)
        shared = name == "chia sẻ màn hình" and re.search(r"\bchia se man hinh\b", clause)
        own = name in ("số điện thoại", "vị trí", "tiền", "chia sẻ màn hình")
        if any((handed, turned, typed, given, wanted, paid, shared, (sent or what) and not own)):
            return name
    return ""
