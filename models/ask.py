"""What Rasa makes of each line of standard input, as one JSON object a line: ``python -m models.ask ARCHIVE``.

Runs in the training environment; the parity test asks it.
"""

import asyncio
import json
import logging
import sys

import structlog
from rasa.core.agent import Agent


async def ask(archive: str) -> None:
    # Rasa would print every line it is asked among the answers
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    agent = Agent.load(archive)
    for line in sys.stdin:
        answer = await agent.parse_message(line.rstrip("\n"))
        found = {"intent": answer["intent"], "intent_ranking": answer["intent_ranking"]}
        sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    asyncio.run(ask(sys.argv[1]))
