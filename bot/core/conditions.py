"""The few answers a chat remembers, and the conditions made of them.

``remember`` in a dialog sets a slot to one of its values; ``if`` and the variants of a wording name a condition.
"""

from collections.abc import Callable

from bot.core.address import CALLED, HELPED, SELVES
from bot.core.effects import HELP_HOURS, HELP_WAYS, PURPOSES
from bot.core.languages import LANGUAGES, SOURCE
from bot.core.state import State

SLOTS: dict[str, tuple[str, ...]] = {
    "called": ("", *CALLED),
    "self_word": ("", *SELVES),
    "person": ("", *HELPED),
    "phone": ("", "iphone", "android"),
    "holder": ("", "elder"),
    "help_way": HELP_WAYS,
    "help_hours": HELP_HOURS,
    "mode": ("", "elder", "usual"),
    "child": ("", "yes"),
    "language": tuple("" if code == SOURCE else code for code in LANGUAGES),
}


def helping(state: State) -> bool:
    """The one who types helps somebody; not while that person holds the phone themselves.

    >>> helping(State(slots={"person": "ma"})), helping(State(slots={"person": "ma", "holder": "elder"}))
    (True, False)
    """
    return state.speaks_for_somebody


def iphone(state: State) -> bool:
    """
    >>> iphone(State(slots={"phone": "iphone"})), iphone(State())
    (True, False)
    """
    return state.slots.get("phone") == "iphone"


def android(state: State) -> bool:
    """
    >>> android(State(slots={"phone": "android"})), android(State())
    (True, False)
    """
    return state.slots.get("phone") == "android"


def phone_unknown(state: State) -> bool:
    """
    >>> phone_unknown(State()), phone_unknown(State(slots={"phone": "android"}))
    (True, False)
    """
    return not state.slots.get("phone")


def address_unknown(state: State) -> bool:
    """Only Vietnamese needs to know.

    >>> [address_unknown(State(slots=slots)) for slots in ({}, {"called": "co"}, {"language": "en"})]
    [True, False, False]
    """
    return not state.slots.get("called") and not state.language


def consent_unasked(state: State) -> bool:
    """Somebody under 16, or whose data rests, is not asked: nothing would be kept.

    >>> consent_unasked(State()), consent_unasked(State(consents={"/progress": "no", "/count": "no"}))
    (True, False)
    >>> consent_unasked(State(slots={"child": "yes"})), consent_unasked(State(slots={"restricted": "yes"}))
    (False, False)
    """
    return state.may_keep and not all(state.consent(purpose) for purpose in PURPOSES)


def restricted(state: State) -> bool:
    """The person had all processing stopped for a while.

    >>> restricted(State(slots={"restricted": "yes"})), restricted(State())
    (True, False)
    """
    return state.is_restricted


def ward_unknown(state: State) -> bool:
    """
    >>> ward_unknown(State()), ward_unknown(State(slots={"ward:": "25747"})), ward_unknown(State(slots={"ward:": "-"}))
    (True, False, False)
    """
    return not state.ward


def ward_unasked(state: State) -> bool:
    """Only who wants to be counted is asked where.

    >>> ward_unasked(State()), ward_unasked(State(consents={"/count": "yes"}))
    (False, True)
    """
    return state.consent("count") == "yes" and ward_unknown(state)


CONDITIONS: dict[str, Callable[[State], bool]] = {
    "helping": helping,
    "iphone": iphone,
    "android": android,
    "phone_unknown": phone_unknown,
    "address_unknown": address_unknown,
    "consent_unasked": consent_unasked,
    "ward_unknown": ward_unknown,
    "ward_unasked": ward_unasked,
    "restricted": restricted,
}
