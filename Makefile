# Needs Python 3.11 or newer and make, nothing else.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# Processes of the test run; `make test WORKERS=0` runs in one.
WORKERS ?= logical
# Rounds of `make faults`, each with a seed of its own.
ROUNDS ?= 10

.DEFAULT_GOAL := help
.PHONY: help run test check faults bench pictures wheel lock
.DELETE_ON_ERROR:

help: ## say what can be made
	@echo "make WHAT, where WHAT is one of:"
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  \1|\2/p' $(MAKEFILE_LIST) | \
	  while IFS='|' read -r what means; do printf '%-12s %s\n' "$$what" "$$means"; done
	@echo "Another Python: make run PYTHON=python3.13"

run: $(VENV)/.project ## a small company with cases in every state, left running
	$(BIN)/resolve demo

test: $(VENV)/.project ## every test, the faults once with a fixed seed
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

check: $(VENV)/.project ## style, types, borders between packages, house rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/house

faults: $(VENV)/.project ## kill what can be killed, ROUNDS=10 times, random seeds
	@for round in $$(seq 1 $(ROUNDS)); do \
	  seed=$$($(BIN)/python -c 'import random; print(random.randrange(10**9))'); \
	  echo "round $$round of $(ROUNDS), RESOLVE_FAULT_SEED=$$seed"; \
	  RESOLVE_FAULT_SEED=$$seed RESOLVE_FAULT_SCALE=$${RESOLVE_FAULT_SCALE:-1} \
	    $(BIN)/python -m pytest -q -p no:cacheprovider -n $(WORKERS) --dist loadfile tests/faults \
	    || { echo "failed in round $$round with RESOLVE_FAULT_SEED=$$seed" >&2; exit 1; }; \
	done

bench: $(VENV)/.project ## what it costs; ROWS=name for one row, SCALE=0.1 for less, JSON=1
	$(BIN)/python -m bench \
	  $(if $(ROWS),--rows "$(ROWS)") $(if $(SCALE),--scale "$(SCALE)") $(if $(JSON),--json)

pictures: $(VENV)/.project ## each page and map in each language, light and dark: build/pictures
	$(BIN)/python docs/pictures.py
	$(BIN)/python -m docs.page_pictures

wheel: $(VENV)/.project ## build it, install it in an empty environment, use it there
	.ci/wheel "$(BIN)"

lock: ## choose the newest allowed versions and write both locks
	@set -e; scratch=$$(mktemp -d); trap 'rm -rf "$$scratch"' EXIT; \
	$(PYTHON) -m venv "$$scratch"; \
	"$$scratch/bin/python" -m pip install --quiet uv; \
	options="--universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet --upgrade"; \
	"$$scratch/bin/uv" pip compile $$options pyproject.toml -o requirements.lock; \
	"$$scratch/bin/uv" pip compile $$options -c requirements.lock --group dev pyproject.toml -o requirements-dev.lock
	@echo "Both locks are written; the next make installs them."

# The environment: made once, filled again only when the lock changes.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "Resolve needs Python 3.11 or newer; $(PYTHON) is missing or older. Name another one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo "This Python lacks the venv module. Install it, on Debian and Ubuntu with: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.locked: requirements-dev.lock | $(VENV)/bin/python
	$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/.project: $(VENV)/.locked pyproject.toml
	$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
