"""Passwords of staff (T58): long enough and not everybody's, kept as Argon2id."""

import importlib

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 128

# of zxcvbn's five grades (0 to 4) those that take more than a few million guesses
_LEAST_GRADE = 3

# what zxcvbn looks at; the rest makes a password only better
_LOOKED_AT = 72

# 19 MiB, two passes, one lane: what OWASP names as the least
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

# of a password nobody has: looked at where there is no account, so that the answer takes as long
NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$0eQKdoyYzcuFHe0DPTM0XQ$0WZzNOrUxWw6ur0bnVxoXo7Gb3TPT8I1ZzwmB60M5oA"


def weakness(password: str, login: str) -> str:
    """Why it cannot be taken: the name of a word in ``bot.web.desk.words``; empty where it can."""
    if len(password) < SHORTEST:
        return "password_short"
    if len(password) > LONGEST:
        return "password_long"
    # its lists of passwords take 0.1 s to load, and only who chooses one needs them
    graded = importlib.import_module("zxcvbn").zxcvbn(
        password[:_LOOKED_AT], user_inputs=[login, *login.split("@"), "gocua", "gõ cửa", "phường"]
    )
    return "" if graded["score"] >= _LEAST_GRADE else "password_common"


def hashed(password: str) -> str:
    return _HASHER.hash(password)


def is_right(password: str, stored: str) -> bool:
    """Whether it is the password of that hash; takes as long where there is none."""
    try:
        return _HASHER.verify(stored or NOBODY, password) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False
