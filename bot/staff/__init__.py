"""The trainers' bot on Telegram: a class is led from a chat, by seat number, by whoever the office's list names.

Its library costs seconds to import: ``bootstrap`` imports ``app.py`` for ``gocua staff-bot`` alone.
"""
