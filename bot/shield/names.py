"""Words that name a secret, so that the digits beside them are known for what they are."""

from typing import Final

from bot.shield.kinds import Kind
from bot.shield.lexicon import Hit, Lexicon
from bot.shield.view import View

_BANKS: Final = (
    "vietcombank", "vcb", "bidv", "agribank", "vietinbank", "ctg", "sacombank", "techcombank", "tcb", "mb bank",
    "mbbank", "acb", "tpbank", "hdbank", "vpbank", "vib", "ocb", "scb", "eximbank", "shb", "seabank", "msb",
    "nam a bank", "lpbank", "lienvietpostbank", "kienlongbank", "bac a bank", "pvcombank", "dong a", "abbank",
    "saigonbank", "bvbank", "vietbank", "baovietbank", "oceanbank", "cake", "timo", "techcom", "vietin", "sacom",
)  # fmt: skip

_CVV: Final = (
    "cvv", "cvc", "cvv2", "ce ve ve", "xe ve ve", "si vi vi", "xi vi vi", "c v v", "ce ve ce", "xe ve xe", "ma bao mat the", "ma bao mat sau the", "ma bao mat sau lung the", "ma so sau the",
    *(
        f"{count} so {where}"
        for count in ("ba", "3")
        for where in (
            "sau lung the", "sau the", "sau lung", "mat sau the", "mat sau", "phia sau the", "phia sau", "o sau the",
            "dang sau the", "sau cung the", "bao mat",
        )
    ),
)  # fmt: skip

# a name that says outright what the number is
_STRONG: Final[dict[Kind, tuple[str, ...]]] = {
    "otp": (
        "otp", "o t p", "o . t . p", "o te pe", "o ti pi", "ma otp", "so otp", "ma xac nhan", "ma xac thuc",
        "ma xac minh", "ma sms", "ma tin nhan", "ma gui ve", "ma no gui ve", "ma gui", "code", "cot", "ma kich hoat",
        "ma vneid", "ma giao dich", "ma dang nhap", "verification code", "security code", "ma tren may cu",
        "ma ben may cu", "ma moi", "ma cu", "ma nay",
    ),
    "passcode": (
        "passcode", "pass code", "pascode", "passcod", "pas code", "psc", "pat cot", "pat coc", "pac cot", "ma pin",
        "so pin", "ma 6 so", "ma sau so", "6 so mo app", "sau so mo app", "ma mo app", "ma khoa", "ma mo khoa",
    ),
    "password": (
        "mat khau", "matkhau", "mat ma", "password", "pass word", "pass", "pw", "mk", "mat khau wifi", "mk cu",
    ),
    "cccd": (
        "cccd", "can cuoc", "cang cuoc", "can cuot", "cang cuot", "can cuoc cong dan", "so can cuoc", "dinh danh",
        "so dinh danh", "ma dinh danh", "ddcn", "so dd", "muoi hai so", "12 so", "the chip", "the gan chip", "cc",
    ),
    "cmnd": (
        "cmnd", "cmt", "cmtnd", "chung minh", "chung minh nhan dan", "chung minh thu", "giay chung minh", "9 so",
        "chin so",
    ),
    "bank_account": (
        "stk", "so tk", "so tai khoan", "tai khoan so", "tk so", "tai khoan ngan hang", "tk ngan hang", "so tk nh",
        "account number", "acc no", "stk nh", "so tai khoan ngan hang",
    ),
    "card": (
        "so the", "so tren the", "so the atm", "the atm", "atm", "visa", "the visa", "mastercard", "master card",
        "master", "napas", "jcb", "the ngan hang", "the tin dung", "credit card", "the ghi no", "so tren the ngan hang",
        "16 so", "muoi sau so", "so in tren the", "the nh",
    ),
    "cvv": _CVV,
    "phone": (
        "sdt", "so dt", "so dien thoai", "so phone", "so dtdd", "so di dong", "so may", "so zalo", "so sim",
        "thue bao", "hotline", "so lien lac", "so lien he", "so ban", "phone", "mobile", "tel", "sodt",
    ),
    "insurance": (
        "bhxh", "bhyt", "bao hiem", "bao hiem xa hoi", "bao hiem y te", "so so bao hiem", "so bao hiem", "ma bhxh",
        "so bhxh", "so so bhxh", "ma so bhxh", "ma so bao hiem", "the bao hiem", "vssid", "the bhyt",
        "ma so bao hiem xa hoi", "the bao hiem y te",
    ),
}  # fmt: skip

# a name that may as well speak of something else; a number whose form tells more is believed instead
_WEAK: Final[dict[Kind, tuple[str, ...]]] = {
    "bank_account": (
        "tk", "tai khoan", "tai khoang", "ngan hang", "nha bang", "nh", "bank", "acc", "momo", "vi dien tu", "mb",
        *_BANKS,
    ),
    "phone": ("dt", "dien thoai", "zalo", "goi", "lien he", "lh", "alo", "dtdd", "sim", "ib", "lien lac", "so la"),
    "otp": ("ma",),
}  # fmt: skip

_ANSWER: Final = (
    "cau hoi bao mat", "cau hoi bi mat", "cau bao mat", "cau bi mat", "chbm", "cau hoi bm",
    "cau tra loi bao mat", "cau tra loi bi mat", "tra loi bao mat", "tra loi bi mat", "dap an bao mat",
    "dap an bi mat", "cau tl bao mat", "cau tl bi mat",
)  # fmt: skip

# words whose beginning would be mistaken
_OTHER: Final = (
    "ma lop", "ma lop hoc", "ma so lop", "ma loi", "ma so loi", "ma phuong", "ma xa", "ma buu chinh", "ma buu dien",
    "ma vach", "ma qr", "ma so thue", "ma so phuong", "goi y", "sim card", "bao hiem nhan tho",
    "cai dat", "cai app", "2 lop", "hai lop", "error code", "code loi", "ma code loi", "loi ma", "bao loi ma", "lop bao mat", "tai khoan an sinh", "dien thoai ban",
)  # fmt: skip

_MEANINGS: Final = {
    **{f"{kind}!": words for kind, words in _STRONG.items()},
    **{f"{kind}?": words for kind, words in _WEAK.items()},
    "answer!": _ANSWER,
    "class": ("lop", "ma lop", "ma lop hoc", "ma so lop", "lop hoc", "class", "join"),
    "": tuple(word for word in _OTHER if not word.startswith("ma lop") and word != "ma so lop"),
}

_NAMES: Final = Lexicon(_MEANINGS)


def names_in(view: View) -> list[Hit]:
    """Where a text names secrets: meanings are a kind and "!" (it can mean nothing else) or "?", and "class".

    >>> from bot.shield.view import view_of
    >>> [hit.meaning for hit in names_in(view_of("mã của má là passcode"))]
    ['otp!', 'passcode!']
    """
    return [_sure(hit, view) for hit in _NAMES.find(view.norms) if hit.meaning != "otp?" or _is_code(hit, view)]


def _is_code(hit: Hit, view: View) -> bool:
    # "má" and "mà" are other words; without any mark it may be any of them
    return view.as_typed(hit.first, hit.last) in ("mã", "ma")


def _sure(hit: Hit, view: View) -> Hit:
    marked = hit.meaning == "otp?" and view.as_typed(hit.first, hit.last) == "mã"
    return hit._replace(meaning="otp!") if marked else hit
