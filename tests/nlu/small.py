"""A few lines of three intents, for tests that fit a model of their own."""

from functools import cache

from bot.nlu.fit import Example, fit
from bot.nlu.model import Model

TEENCODE = {"k": "khong", "ko": "khong", "dc": "duoc", "mk": "mat khau"}
LINES = {
    "faq/otp_missing": [
        "không nhận được mã otp",
        "chờ hoài không thấy mã otp",
        "otp không về máy",
        "mã otp đâu không thấy",
    ],
    "faq/forgot_password": [
        "quên mật khẩu rồi",
        "tôi quên mật khẩu vneid",
        "mật khẩu không nhớ nữa",
        "làm sao lấy lại mật khẩu",
    ],
    "faq/cost": [
        "làm cái này có mất tiền không",
        "có tốn phí gì không",
        "bao nhiêu tiền một lần làm",
        "miễn phí hay tốn tiền",
    ],
}
EXAMPLES = [Example(text, intent) for intent, texts in LINES.items() for text in texts]


@cache
def small_model() -> Model:
    return fit(EXAMPLES, TEENCODE)
