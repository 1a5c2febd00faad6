"""The same as ``bot.content.asks`` for English texts: none asks a person for what may never be asked for (T30)."""

import re

_SECRETS = {
    "OTP code": r"otp|one-time code|verification code|sms code|code (?:you|we) (?:got|sent)",
    "passcode": r"passcode|pin|six[- ]digits?(?: code)?",
    "password": r"passwords?",
    "security answer": r"security (?:answers?|questions?)|answers to (?:the|your) security",
    "ID number": r"(?:id|identity|passport|insurance|citizen) (?:card )?numbers?|12 digits|your id",
    "picture of papers or face": (
        r"(?:photos?|pictures?|scans?|copy|copies) of (?:your|the) (?:id|card|papers|passport|face)|selfie"
    ),
    "account or card number": r"(?:account|card) numbers?|cvv|cvc|three (?:security )?digits|balance",
    "phone number": r"phone number",
    "location": r"location",
    "screen": r"screen",
    "money": r"money|fees?",
}

_HANDING = r"(?:send|read|tell|give|show|share|type|enter|write|message|forward|dictate|confirm)"
_ASKING = r"(?:what is|what's|may i have|can i have|i need|let me have)"
_HERE = r"(?:(?:to )?(?:me|us)|here|in (?:this|the) chat|into (?:this|the) chat|this chat|the bot)"
_DENIED = re.compile(r"\b(?:no|not|never|nobody|don't|whoever|anybody|nor|neither|if somebody|scam|cheat)\b")
_QUOTED = re.compile(r'"[^"]*"')
_SENTENCE = re.compile(r"[.!?;:\n]+")
_CLAUSE = re.compile(r",| then | but ")


def asked_for_in_english(text: str) -> str:
    """What an English text asks for that it must not, or nothing.

    >>> asked_for_in_english("Please send me the OTP code.")
    'OTP code'
    >>> asked_for_in_english("Type the OTP code into the phone yourself. Send it to nobody, not even me.")
    ''
    """
    spoken = _QUOTED.sub(" ", text).lower()
    for sentence in _SENTENCE.split(spoken):
        for clause in _CLAUSE.split(sentence):
            if found := _asked_in(clause):
                return found
    return ""


def _asked_in(clause: str) -> str:
    if _DENIED.search(clause):
        return ""
    for name, secret in _SECRETS.items():
        handed = re.search(rf"\b{_HANDING}\b.*\b(?:{secret})\b.*\b{_HERE}\b", clause)
        turned = re.search(rf"\b{_HANDING}\b {_HERE}\b.*\b(?:{secret})\b", clause)
        asked = re.search(rf"\b{_ASKING}\b.*\byour\b.*\b(?:{secret})\b", clause)
        sent = re.search(rf"\b(?:send|upload|photograph)\b(?! a report).*\b(?:{secret})\b", clause)
        paid = name == "money" and re.search(r"\b(?:pay|transfer|send)\b.*\b(?:money|fees?)\b", clause)
        own = name in ("phone number", "location", "screen", "money")
        if any((handed, turned, asked, paid, sent and not own)):
            return name
    return ""
