"""The second factor (T59): six digits of an authenticator app, each good once, one half minute early or late."""

import datetime as dt
import hmac
import importlib

import pyotp

_ISSUER = "Gõ Cửa"
_SECONDS = 30


def new_secret() -> str:
    return pyotp.random_base32()


def step_of(secret: str, code: str, now: dt.datetime) -> int:
    """The half minute whose code it is, counted from 1970; 0 where it is none of now."""
    digits = "".join(code.split())
    if not (digits.isascii() and digits.isdecimal()):
        return 0
    present = int(now.timestamp()) // _SECONDS
    totp = pyotp.TOTP(secret)
    near = (present, present - 1, present + 1)
    return next((step for step in near if hmac.compare_digest(totp.generate_otp(step), digits)), 0)


def qr_svg(secret: str, login: str) -> str:
    """The picture an authenticator app photographs, as SVG without any style of its own."""
    uri = pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=_ISSUER)
    # 0.1 s to load, for a picture everybody sees once
    segno = importlib.import_module("segno")
    picture: str = segno.make(uri, error="m").svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None)
    return picture
