"""One walk through every text of the content, which makes its book in another language."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Literal

from bot.core.address import HELPED
from bot.core.dialogs import Attempt, Book, Choice, Dialog, Step, Symptom, Wording

# what a text is, which decides how long it may be
Kind = Literal["text", "title", "label"]

# (context, Vietnamese text, kind) -> the text in the other language
Translate = Callable[[str, str, Kind], str]


def translated_book(book: Book, translate: Translate) -> Book:
    """The same book in another language: the same places, the same ids, other words."""
    return replace(
        book,
        dialogs={name: _dialog(dialog, translate) for name, dialog in book.dialogs.items()},
        symptoms={name: _symptom(symptom, translate) for name, symptom in book.symptoms.items()},
        phrases={name: translate(f"phrases.{name}", text, _phrase_kind(name)) for name, text in book.phrases.items()},
        articles={
            slug: replace(
                each,
                title=translate(f"faq/{slug}", each.title, "title"),
                answer=translate(f"faq/{slug}", each.answer, "text"),
            )
            for slug, each in book.articles.items()
        },
        translations={},
        source=book,
        helped={code: translate(f"people.{code}", words, "text") for code, words in HELPED.items()},
    )


def translated_captions(captions: Mapping[str, str], translate: Translate) -> dict[str, str]:
    """What each picture shows, in another language."""
    return {name: translate(f"picture/{name}", caption, "text") for name, caption in captions.items()}


def translated_words(words: Mapping[str, str], translate: Translate, place: str = "web") -> dict[str, str]:
    """The fixed texts of some pages, in another language; ``place`` is which pages."""
    return {name: translate(f"{place}.{name}", text, "text") for name, text in words.items()}


def _dialog(dialog: Dialog, translate: Translate) -> Dialog:
    title = translate(dialog.name, dialog.title, "title")
    return replace(
        dialog, title=title, steps={name: _step(dialog.name, step, translate) for name, step in dialog.steps.items()}
    )


def _step(dialog: str, step: Step, translate: Translate) -> Step:
    context = f"{dialog}.{step.name}"
    return replace(
        step,
        title=translate(context, step.title, "title") if step.title else "",
        wording=_wording(context, step.wording, translate),
        variants=tuple((name, _wording(context, each, translate)) for name, each in step.variants),
        choices=tuple(_choice(context, each, translate) for each in step.choices),
    )


def _symptom(symptom: Symptom, translate: Translate) -> Symptom:
    context = f"symptom/{symptom.name}"
    attempts = tuple(_attempt(context, each, translate) for each in symptom.attempts)
    return replace(symptom, label=translate(context, symptom.label, "label"), attempts=attempts)


def _attempt(context: str, attempt: Attempt, translate: Translate) -> Attempt:
    return replace(
        attempt,
        wording=_wording(context, attempt.wording, translate),
        variants=tuple((name, _wording(context, each, translate)) for name, each in attempt.variants),
        choices=tuple(_choice(context, each, translate) for each in attempt.choices),
    )


def _wording(context: str, wording: Wording, translate: Translate) -> Wording:
    if not wording.say:
        return wording
    speech = translate(context, wording.speech, "text") if wording.speech else ""
    return replace(wording, say=translate(context, wording.say, "text"), speech=speech)


def _choice(context: str, choice: Choice, translate: Translate) -> Choice:
    # its slug stays: the same button in every language
    return replace(choice, label=translate(context, choice.label, "label"))


def _phrase_kind(name: str) -> Kind:
    return "label" if name.startswith("label_") else "text"
