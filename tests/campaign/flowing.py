"""A process that lets completions flow, round by round, until somebody kills it or nothing is left."""

import sys
from pathlib import Path

from bot.campaign.outflow import Outflow
from bot.campaign.outflow_mapping import read_mapping
from tests.fakes import Clock, open_test_store


def main() -> None:
    here, there, mapping, holder = sys.argv[1:]
    clock = Clock()
    # the turn of a process that was killed is over by then
    clock.move(hours=int(holder))
    store = open_test_store(here, clock, holder=holder)
    flow = Outflow(store.engine, store.writer, store.duties, url=there, mapping=read_mapping(Path(mapping)))
    print("begun", flush=True)
    while flow.round():
        print("round", flush=True)


if __name__ == "__main__":
    main()
