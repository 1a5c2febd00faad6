"""Intents as Rasa names them.

To Rasa a "/" means a retrieval intent: it would learn and test one intent "faq" and look for the answer elsewhere.
"""


def to_rasa(intent: str) -> str:
    """
    >>> to_rasa("faq/cost"), to_rasa("done")
    ('faq.cost', 'done')
    """
    return intent.replace("/", ".")


def from_rasa(name: str) -> str:
    """
    >>> from_rasa("faq.cost"), from_rasa("done")
    ('faq/cost', 'done')
    """
    return name.replace(".", "/")
