# Two commands do everything: `make chat` talks to the bot, `make test` proves it. `make help` lists the rest.
#
# Each makes its own environment from a hash-locked list the first time and starts at once, without network, afterwards:
# .venv holds only what the bot needs (quick to make), .venv-dev also what the tests need.

PYTHON ?= python3
ARGS ?=

RUN := .venv
DEV := .venv-dev
RUN_PYTHON := $(RUN)/bin/python
DEV_PYTHON := $(DEV)/bin/python
LOCK := requirements

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# $(1): folder of the environment, $(2): its lock file. Everything is said on stderr: stdout belongs to the bot.
# What builds packages comes first and from the locked list too: left alone, pip would fetch it without asking for a hash.
# So does pip itself: the one that Python 3.11 brings looks past a pin for «coverage[toml]» once there is a newer coverage.
# The stamp comes last, so an interrupted set-up is begun anew.
PIP := python -m pip install -qq --disable-pip-version-check --no-input

define environment
@command -v $(PYTHON) >/dev/null 2>&1 || \
  { echo 'There is no "$(PYTHON)" here. Install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3.12 …' >&2; exit 1; }
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
  { echo "optout-bot needs Python 3.11 or newer; this is $$($(PYTHON) --version 2>&1). Name a newer one: make PYTHON=python3.12 …" >&2; exit 1; }
@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
  { echo "This Python cannot make environments. On Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; }
@echo "Setting up $(1), once; this takes a minute or two …" >&2
@$(PYTHON) -m venv --clear $(1) >&2
@$(1)/bin/$(PIP) --require-hashes -r $(LOCK)/build.txt >&2
@$(1)/bin/$(PIP) --require-hashes --no-build-isolation -r $(LOCK)/$(2).txt >&2
@$(1)/bin/$(PIP) --no-index --no-deps --no-build-isolation --editable . >&2
@touch $@
endef

$(RUN)/.ready: pyproject.toml $(LOCK)/run.txt $(LOCK)/build.txt
	$(call environment,$(RUN),run)

$(DEV)/.ready: pyproject.toml $(LOCK)/dev.txt $(LOCK)/build.txt
	$(call environment,$(DEV),dev)

.PHONY: help
help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo '  ARGS="…" is handed on, for example: make chat ARGS="--lang de"'

# --- talk -------------------------------------------------------------------------------------------------------------
.PHONY: chat check
chat: $(RUN)/.ready ## talk to the bot in this terminal, no account and no network needed
	@$(RUN_PYTHON) -m bot chat $(ARGS)

check: $(RUN)/.ready ## look for mistakes in dialogs, facts and translations
	@$(RUN_PYTHON) -m bot check $(ARGS)

# --- prove ------------------------------------------------------------------------------------------------------------
# One recipe and not a list of prerequisites, so that the order holds under `make -j` too.
.PHONY: test lint types imports unit content
test: $(DEV)/.ready ## everything below, as continuous integration runs it
	@$(MAKE) lint
	@$(MAKE) types
	@$(MAKE) imports
	@$(MAKE) unit
	@$(MAKE) content

lint: $(DEV)/.ready ## style and format
	$(DEV_PYTHON) -m ruff check
	$(DEV_PYTHON) -m ruff format --check

types: $(DEV)/.ready ## strict types
	$(DEV_PYTHON) -m mypy

imports: $(DEV)/.ready ## the layers of the architecture
	$(DEV)/bin/lint-imports

# A layer's own gate is read from the same measurement; `ARGS="tests/engine -k back"` runs a part, without gates.
unit: $(DEV)/.ready ## the tests; ARGS="tests/engine -k back" runs a part of them
	$(DEV_PYTHON) -m pytest $(if $(strip $(ARGS)),$(ARGS),-n 2 --dist loadfile --no-loadscope-reorder --cov --cov-report=term)
ifeq ($(strip $(ARGS)),)
	@for part in engine texts facts; do \
	  echo "coverage of bot/$$part (lines and branches, at least 95 %):"; \
	  $(DEV_PYTHON) -m coverage report --include="bot/$$part/*" --fail-under=95 || exit 1; \
	done
endif

content: $(DEV)/.ready ## the shipped dialogs: checked, and their example conversations played
	$(DEV)/bin/optout-bot check
	$(DEV)/bin/optout-bot test

# --- measure ----------------------------------------------------------------------------------------------------------
.PHONY: bench crash
bench: $(DEV)/.ready ## measure start-up, turns and memory
	@$(DEV_PYTHON) -m tests.bench $(ARGS)

crash: $(DEV)/.ready ## kill the bot again and again and count what is lost
	@$(DEV_PYTHON) -m tests.crash $(ARGS)

# --- keep -------------------------------------------------------------------------------------------------------------
.PHONY: fmt lock dist clean
fmt: $(DEV)/.ready ## bring the code into shape
	$(DEV_PYTHON) -m ruff check --fix
	$(DEV_PYTHON) -m ruff format

# One resolution for both lists: what the tests ran with is what people get. Addresses of registries stay out of the
# files, so that they work behind any mirror. UPGRADE=--upgrade takes newer releases; without it, known pins stay.
COMPILE = "$$tools/bin/uv" pip compile -qq --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(UPGRADE)

lock: ## remake requirements/*.txt from pyproject.toml; UPGRADE=--upgrade takes newer releases
	@tools=$$(mktemp -d) && trap 'rm -rf "$$tools"' EXIT && \
	$(PYTHON) -m venv "$$tools" && \
	"$$tools/bin/python" -m pip install -qq --disable-pip-version-check 'uv>=0.9,<1' && \
	mkdir -p $(LOCK) && \
	$(COMPILE) pyproject.toml --group dev --output-file $(LOCK)/dev.txt && \
	$(COMPILE) pyproject.toml --constraints $(LOCK)/dev.txt --output-file $(LOCK)/run.txt && \
	printf '%s\n' hatchling pip setuptools | \
	  $(COMPILE) - --constraints $(LOCK)/dev.txt --output-file $(LOCK)/build.txt && \
	! grep -nE '://' $(LOCK)/*.txt

dist: $(DEV)/.ready ## build the source archive and the wheel into dist/
	$(DEV_PYTHON) -m build --no-isolation --outdir dist

clean: ## remove environments, caches and builds
	rm -rf $(RUN) $(DEV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.*
	find bot tests -name __pycache__ -type d -prune -exec rm -rf {} +
