"""Leading a class from a chat: the parts, who needs help, how far everybody is, the end.

A button names its class, and the part it leads to: tapped twice, or by two trainers, it is done once. A typed word is
about the class that is on; where there are several, about the one chosen last.
"""

import datetime as dt
import io

import segno
from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler, MessageHandler

from bot.classes.roll import Act, Tap
from bot.classes.schedule import Led, OpenClass
from bot.staff import pages, words
from bot.staff.commands import Command, read
from bot.staff.context import Says, StaffContext, aside, keyboard, show, tapped, text_of
from bot.staff.office import Office
from bot.staff.pages import Page
from bot.staff.taps import Tapped

# where the class chosen last stands among what is known of a chat
_CHOSEN = "class"

# what a button's verb asks for
_VERBS: dict[str, Command] = {
    "go": "next", "re": "again", "st": "stuck", "bd": "board", "np": "without_phone", "qr": "code", "en": "end",
}  # fmt: skip


class Leading:
    """The acts, by button and by word."""

    def __init__(self, office: Office) -> None:
        self._office = office
