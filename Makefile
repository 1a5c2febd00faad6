# The few commands for people and for CI. Needs Python 3.11 or newer, nothing else.
PYTHON ?= python3
VENV := .venv
RASA := .venv-rasa
# the machine's own uv where there is one, else one of our own, by hash
UV := $(or $(shell command -v uv 2>/dev/null),.uv/bin/uv)
LOCK = $(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --upgrade
LOCK_RASA = $(UV) pip compile -q --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --override overrides.txt

.PHONY: setup run chat test check locales train bench lock clean
.DEFAULT_GOAL := run

run: $(VENV)/.run models/gocua.tar.gz  ## the web chat on http://127.0.0.1:8080/
	@$(VENV)/bin/gocua serve

chat: $(VENV)/.run models/gocua.tar.gz  ## talk in the terminal
	@$(VENV)/bin/gocua chat

check: $(VENV)/.run      ## check dialogs, knowledge and pictures
	@$(VENV)/bin/gocua check

locales: $(VENV)/.run    ## bring the translations up to date with dialogs, knowledge and pages
	@$(VENV)/bin/python -m bot.translating

setup: $(VENV)/.dev      ## everything to work on the code

test: $(VENV)/.dev       ## format, lint, types, import directions, tests
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(VENV)/bin/pytest -n auto --dist loadfile

# what Rasa would send home stays here; no screen, and no talk about itself
train: export RASA_TELEMETRY_ENABLED = false
train: export MPLBACKEND = Agg
train: export TF_CPP_MIN_LOG_LEVEL = 3
train: export SQLALCHEMY_SILENCE_UBER_WARNING = 1
train: export GOCUA_MODEL = $(CURDIR)/models/gocua.tar.gz
train: export GOCUA_RASA_PYTHON = $(CURDIR)/$(RASA)/bin/python
train: export GOCUA_RASA_ARCHIVE = $(GOCUA_MODEL)
train: $(VENV)/.dev $(RASA)/.rasa  ## the language model by Rasa: checked, trained, tested, compared; needs 2.5 GB
	$(VENV)/bin/python -m models.gather train
	$(RASA)/bin/rasa data validate --data build/train build/beside --domain build/domain.yml
	$(RASA)/bin/rasa train nlu --nlu build/train --domain build/domain.yml --out models --fixed-model-name gocua
	$(VENV)/bin/python -m models.gather test
	$(RASA)/bin/rasa test nlu --nlu build/test --domain build/domain.yml --model models/gocua.tar.gz --out models/reports
	$(VENV)/bin/pytest tests/models
	@$(VENV)/bin/gocua eval

bench: $(VENV)/.run      ## what a turn costs
	@$(VENV)/bin/gocua bench turn

lock: $(UV)              ## new versions, new hashes
	cd requirements && for name in run dev uv voice; do $(LOCK:.uv/%=../.uv/%) $$name.in -o $$name.txt; done
	cd models && $(LOCK_RASA:.uv/%=../.uv/%) requirements.in -o requirements.txt

clean:
	rm -rf $(VENV) $(RASA) .uv .rasa build

$(VENV)/bin/python: | $(UV)
	@$(UV) venv -q --python '>=3.11' $(VENV)

# "run" adds, "dev" makes exact: whoever has the larger set keeps it
$(VENV)/.run: requirements/run.txt pyproject.toml | $(VENV)/bin/python
	@$(UV) pip install -q --compile-bytecode --python $(VENV) --require-hashes -r requirements/run.txt
	@$(UV) pip install -q --python $(VENV) --no-deps -e .
	@touch $@

$(VENV)/.dev: requirements/dev.txt pyproject.toml | $(VENV)/bin/python
	@$(UV) pip sync -q --compile-bytecode --python $(VENV) --require-hashes requirements/dev.txt
	@$(UV) pip install -q --python $(VENV) --no-deps -e .
	@touch $(VENV)/.run $@

# only where there is none: `make train` and `gocua train` make a new one
models/gocua.tar.gz: | $(VENV)/.run
	@echo "The first run teaches the bot Vietnamese: about a minute."
	@$(VENV)/bin/gocua train

# Rasa's metadata stops at Python 3.10; uv takes the lock as it stands (models/overrides.txt)
$(RASA)/.rasa: models/requirements.txt | $(UV)
	@test -d $(RASA) || $(UV) venv -q --python 3.11 $(RASA)
	@$(UV) pip sync -q --python $(RASA) --require-hashes models/requirements.txt
	@touch $@

.uv/bin/uv: requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Gõ Cửa needs Python 3.11 or newer; say which with: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv .uv || { echo "Python came without venv. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@.uv/bin/pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@
