"""The languages a chat may be held in, each under the name its speakers give it."""

# the one the content is written in; a chat that chose nothing is held in it
SOURCE = "vi"

LANGUAGES: dict[str, str] = {SOURCE: "Tiếng Việt", "en": "English"}

# before the code of a language: the meaning of wanting to go on in it
CHANGE = "change_language/"
