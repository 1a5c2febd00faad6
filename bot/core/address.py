"""Forms of address: who is called what. Southern service Vietnamese (journeys, section 10).

Texts are written once, with placeholders; the pair (what the person is called, what the bot calls itself) fills them.
"""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

# what a person may be called -> what the bot then calls itself, unless the person's own words say otherwise
CALLED: dict[str, tuple[str, str]] = {
    "anh_chi": ("anh/chị", "em"),
    "anh": ("anh", "em"),
    "chi": ("chị", "em"),
    "co_chu": ("cô/chú", "con"),
    "co": ("cô", "con"),
    "chu": ("chú", "con"),
    "di": ("dì", "con"),
    "bac": ("bác", "con"),
    "ong": ("ông", "con"),
    "ba": ("bà", "con"),
    "em": ("em", "mình"),
}

# what the bot may call itself, said by the person: "con ơi", "cháu ơi", "em ơi"
SELVES: dict[str, str] = {"em": "em", "con": "con", "chau": "cháu"}

# who says to be a man or a woman is called so, in the same degree of age and nearness
OF_GENDER: dict[str, dict[str, str]] = {
    "man": {"": "anh", "anh_chi": "anh", "chi": "anh", "co_chu": "chu", "co": "chu", "ba": "ong"},
    "woman": {"": "chi", "anh_chi": "chi", "anh": "chi", "co_chu": "co", "chu": "co", "ong": "ba"},
}

# whom someone helps: the code kept in the state -> how that person is spoken of
HELPED: dict[str, str] = {
    "ma": "má",
    "ba": "ba",
    "ba_ngoai": "bà ngoại",
    "ba_noi": "bà nội",
    "ngoai": "ngoại",
    "noi": "nội",
    "vo": "vợ",
    "chong": "chồng",
    "anh": "anh",
    "chi": "chị",
    "em": "em",
    "co": "cô",
    "chu": "chú",
    "bac": "bác",
    "di": "dì",
    "duong": "dượng",
    "cau": "cậu",
    "mo": "mợ",
    "thim": "thím",
    "ba_ma": "ba má",
    "ba_ngoai_noi": "bà",
    "ong": "ông",
    "ba_con": "cô bác",
    "nguoi_nha": "người nhà",
}

# what somebody helped is called once they hold the phone themselves; others are cô/chú
ADDRESSED: dict[str, str] = {
    "ma": "co", "ba": "chu", "ba_ngoai": "ba", "ba_noi": "ba", "ngoai": "bac", "noi": "bac", "vo": "chi",
    "chong": "anh", "anh": "anh", "chi": "chi", "em": "em", "co": "co", "chu": "chu", "bac": "bac", "di": "di",
    "ba_ngoai_noi": "ba", "ong": "ong", "cau": "chu", "duong": "chu", "mo": "co", "thim": "co",
}  # fmt: skip

# two names one person may go by: who began for "bà ngoại" later says "ngoại"
_SAME = (
    frozenset({"ngoai", "ba_ngoai"}), frozenset({"ngoai", "ong"}), frozenset({"noi", "ba_noi"}),
    frozenset({"noi", "ong"}), frozenset({"ba_ngoai_noi", "ba_ngoai"}), frozenset({"ba_ngoai_noi", "ba_noi"}),
)  # fmt: skip

# how people name whom they help, beside the names above
ALSO_CALLED: dict[str, str] = {
    "mẹ": "ma",
    "u": "ma",
    "bố": "ba",
    "cha": "ba",
    "tía": "ba",
    "ông ngoại": "ong",
    "ông nội": "ong",
}

# a volunteer helps one neighbour after the other; each is a person of their own ("ba_con.1", "ba_con.2")
NEIGHBOUR = "ba_con"

# in a list of people, the one who types
MYSELF = "-"

DEFAULT = "anh_chi"


@lru_cache(maxsize=1024)
def forms(called: str = "", self_word: str = "", helped: str = "") -> Mapping[str, str]:
    """The placeholders of texts and what stands for them.

    >>> forms("co")["Anh_chi"], forms("co")["em"], forms("co", "chau")["em"]
    ('Cô', 'con', 'cháu')
    """
    you, me = CALLED.get(called) or CALLED[DEFAULT]
    values = {
        "anh_chi": you,
        "em": SELVES.get(self_word, me),
        "nguoi_nha": spoken(helped),
    }
    values |= {_capital(name): _capital(word) for name, word in values.items()}
    return MappingProxyType(values)


def helped_by_name(name: str) -> str:
    """The code of somebody named by their relation, or nothing.

    >>> helped_by_name("má"), helped_by_name("ngoại"), helped_by_name("hàng xóm")
    ('ma', 'ngoai', '')
    """
    return ALSO_CALLED.get(name) or next((code for code, spoken in HELPED.items() if spoken == name), "")


def may_be_same(one: str, other: str) -> bool:
    """Whether two codes may stand for one person.

    >>> may_be_same("ngoai", "ba_ngoai"), may_be_same("ba_noi", "ba_ngoai"), may_be_same("ba_con.2", "ba_con")
    (True, False, True)
    """
    kinds = {one.partition(".")[0], other.partition(".")[0]}
    return len(kinds) == 1 or kinds in _SAME


def spoken(code: str) -> str:
    """How somebody helped is spoken of.

    >>> spoken("ba_ngoai"), spoken("ba_con.2")
    ('bà ngoại', 'cô bác')
    """
    return HELPED.get(code.partition(".")[0], HELPED["nguoi_nha"])


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


# what texts may contain beside the values a phrase brings along; "don_vi" is who runs the bot, from the settings
PLACEHOLDERS = (*forms(), "don_vi")
