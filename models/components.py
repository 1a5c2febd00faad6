"""``bot.nlu`` as a component of Rasa. Runs in the training environment only (``models/requirements.in``)."""

import hashlib
import sys
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers import LABEL_RANKING_LENGTH
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.content.reading import Problems
from bot.content.words import load_teencode
from bot.nlu import archive, fit, model
from bot.nlu.rasa_names import from_rasa, to_rasa
from bot.settings import load_settings


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class NgramClassifier(GraphComponent, IntentClassifier):
    """The linear classifier of ``bot.nlu``: fitted, stored and asked by the very code the bot runs.

    It looks at the text itself, so it needs no tokenizer and no featurizer before it.
    """

    def __init__(self, storage: ModelStorage, resource: Resource, model: model.Model | None = None) -> None:
        self._storage = storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "NgramClassifier":
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "NgramClassifier":
        """The component of a Rasa archive, through the same checks as in the bot."""
        with model_storage.read_from(resource) as folder:
            files = {path.name: path.read_bytes() for path in folder.iterdir()}
        return cls(model_storage, resource, archive.read_model(files))

    @staticmethod
    def required_packages() -> list[str]:
        return ["numpy", "scipy", "sklearn"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """What shapes the model beside configuration and training lines: short forms and the code.

        Without it Rasa would take an older result from its cache.
        """
        code = (sys.modules[name].__file__ for name in sorted(sys.modules) if name.startswith("bot."))
        parts = [repr(sorted(_teencode().items())).encode(), *(Path(file).read_bytes() for file in code if file)]
        return hashlib.sha256(b"\0".join(parts)).hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        """Fits the classifier and leaves the four files that ``bot.nlu.archive`` reads."""
        lines = dict.fromkeys(
            fit.Example(each.get(TEXT), from_rasa(each.get_full_intent()))
            for each in training_data.intent_examples
            if each.get(TEXT)
        )
        try:
            self._model = fit.fit(list(lines), _teencode())
        except fit.FitError as error:
            raise RasaException(f"{error} (python -m models.gather train)") from error
        with self._storage.write_to(self._resource) as folder:
            for each in archive.model_files(self._model):
                (folder / each.name).write_bytes(each.content)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """The likeliest intents of each message, the best first."""
        if self._model is None:
            raise RasaException("The classifier was asked before it was trained or loaded.")
        for message in messages:
            ranking = [
                {INTENT_NAME_KEY: to_rasa(each.intent), PREDICTED_CONFIDENCE_KEY: each.confidence}
                for each in self._model.rank(message.get(TEXT) or "", most=LABEL_RANKING_LENGTH)
            ]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages


def _teencode() -> dict[str, str]:
    problems = Problems()
    teencode = load_teencode(load_settings().content, problems)
    if problems.found:
        raise RasaException("\n".join(str(problem) for problem in problems.found))
    return teencode
