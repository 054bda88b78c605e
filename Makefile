# Two commands do everything: `make grade` grades the shipped examples, `make test` runs all tests.
# Each sets up .venv first, and does so only once: the stamp is older than pyproject.toml only when that changed.

PYTHON ?= $(shell for p in /usr/bin/python3 python3 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 10))' 2>/dev/null \
	&& { command -v $$p; break; }; done)
BIN := .venv/bin

.PHONY: grade test fast lint format messages feedback audit hostile bench clean

grade: .venv/.ready
	@$(BIN)/autograder grade tests/submissions/perfect_py tests/submissions/sheet -a hw1

test: .venv/.ready-dev
	@$(BIN)/python -m pytest

fast: .venv/.ready-dev
	@$(BIN)/python -m pytest -m "not slow"

lint: .venv/.ready-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: .venv/.ready-dev
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

messages: .venv/.ready-dev  # compiles what the grader says, after a change to a .po file
	@$(BIN)/python -m babel.messages.frontend -q compile -d autograder/locale -D autograder

feedback: .venv/.ready-dev  # writes docs/feedback.md: what students read
	@$(BIN)/python docs/feedback_page.py

audit: .venv/.ready
	@$(BIN)/autograder audit hw1

hostile: .venv/.ready-dev
	@$(BIN)/python -m pytest tests/hostile -m ""

bench: .venv/.ready-dev
	@for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script; done

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "No Python 3.10 or newer with venv was found. On Debian: apt-get install python3-venv"; exit 2; }
	@if command -v uv >/dev/null 2>&1; then uv venv -q --seed --python "$(PYTHON)" .venv; else "$(PYTHON)" -m venv .venv; fi

.venv/.ready: pyproject.toml | .venv/bin/python
	@echo "Installing dl-autograder into .venv ..."
	@if command -v uv >/dev/null 2>&1; then uv pip install -q --python $(BIN)/python -e .; \
	else $(BIN)/python -m pip install -q --disable-pip-version-check -e .; fi
	@touch $@

.venv/.ready-dev: pyproject.toml | .venv/bin/python
	@echo "Installing dl-autograder with its test tools into .venv ..."
	@if command -v uv >/dev/null 2>&1; then uv pip install -q --python $(BIN)/python -e '.[dev,otter,pdf]'; \
	else $(BIN)/python -m pip install -q --disable-pip-version-check -e '.[dev,otter,pdf]'; fi
	@touch .venv/.ready $@

clean:
	@rm -rf .venv build dist out .pytest_cache .mypy_cache .ruff_cache .hypothesis
