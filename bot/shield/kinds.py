"""What the shield hides: the kinds of secrets, the marks that take their places, and the bounds of the work."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

Kind = Literal[
    "otp",
    "passcode",
    "password",
    "cccd",
    "cmnd",
    "bank_account",
    "card",
    "cvv",
    "phone",
    "insurance",
    "security_answer",
    "email",
]

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

# what a reader sees instead; tells the kind and nothing else of the secret (T35)
MARKS: Final[dict[Kind, str]] = {
    "otp": "«mã OTP»",
    "passcode": "«passcode»",
    "password": "«mật khẩu»",
    "cccd": "«số căn cước»",
    "cmnd": "«số chứng minh»",
    "bank_account": "«số tài khoản»",
    "card": "«số thẻ»",
    "cvv": "«mã sau thẻ»",
    "phone": "«số điện thoại»",
    "insurance": "«số bảo hiểm»",
    "security_answer": "«câu trả lời bảo mật»",
    "email": "«email»",
}

# characters of a message that are read (T38); what follows was read by nobody and counts as hidden
LONGEST: Final = 4_000

# what may stand in the part nobody read has no form, and of all kinds only a password has none
UNREAD: Final[Kind] = "password"

# a secret said in pieces: so many messages, so many seconds (T33)
PIECES: Final = 5
PIECES_SECONDS: Final = 120.0

# digits of the code of a class
CLASS_CODE: Final = 6

# numbers of the public that are no secret: identification, the city, police, fire, ambulance, rescue, children,
# reports of scam calls, the check of one's own SIM (journeys 6.1 and 6.3, trust T34)
HOTLINES: Final[frozenset[str]] = frozenset(
    {"19000368", "1022", "111", "112", "113", "114", "115", "156", "5656", "1414"}
)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A secret in a text: ``start`` and ``end`` count the characters of the text as given."""

    start: int
    end: int
    kind: Kind
