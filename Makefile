# `make demo` shows ticketctl at work, `make test` runs the tests: both set up what they need. While you work: `make check`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FAST := tests/usecases tests/domain tests/config tests/present tests/store/test_memory.py tests/store/test_formats.py tests/test_docs.py \
        tests/test_reference.py tests/test_ratchets.py
# Among these, what takes longest and concerns one part each: `make test` runs them.
LATER := tests/domain/test_figures_of_generated_desks.py tests/domain/test_masking.py tests/domain/test_masking_neighbours.py \
         tests/config/test_personal_data_rule.py tests/usecases/test_shown.py tests/usecases/test_patterns.py \
         tests/present/test_weekly_worst.py tests/present/test_same_numbers.py
PIP := $(BIN)/pip --disable-pip-version-check --quiet

.PHONY: demo demo-web test test-long check lint security bench reference clean debian

demo: $(VENV)/.core
	$(BIN)/ticketctl demo

# The same, and then its web pages, until Ctrl-C.
demo-web: $(VENV)/.web
	$(BIN)/ticketctl demo --serve

test: debian $(VENV)/.test
	.ci/test $(TESTS)

# What is slow and rarely fails: kills, faults and bombs by the dozen. .ci/run runs these too.
test-long: debian $(VENV)/.test
	.ci/synapse
	.ci/test -m long $(TESTS)

# A minute, before each commit: lint, types, the import contract, and the tests that need no servers and no processes.
check: lint
	$(BIN)/python -m pytest -q -n auto $(FAST) $(LATER:%=--ignore=%)

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Known patterns of insecure code; ruff's rules S, in `lint`, find most of them at once.
security: $(VENV)/.test
	$(BIN)/bandit --quiet --recursive ticketctl -ll

bench: $(VENV)/.test
	$(BIN)/python -m bench

reference: $(VENV)/.test
	$(BIN)/python docs/make_reference.py

# Debian's packages that some suites need: a real IMAP server, a browser. Left out, and said so, where they cannot be had.
debian:
	@.ci/debian

$(BIN)/python:
	@.ci/debian python
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; say which with: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.core: $(BIN)/python setup.cfg
	$(PIP) install --editable .
	@touch $@

$(VENV)/.web: $(BIN)/python setup.cfg
	$(PIP) install --editable '.[web]'
	@touch $@ $(VENV)/.core

$(VENV)/.test: $(BIN)/python setup.cfg
	$(PIP) install --editable '.[all,test,dev]'
	@touch $@ $(VENV)/.core $(VENV)/.web

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage*
