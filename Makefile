# make demo | test | torture | docs | lint | lock | clean        (GNU make 3.81 and later)
# Everything is installed into .venv, from requirements/*.txt, by hash.

VENV := .venv
BIN  := $(VENV)/bin
PIP  := $(BIN)/python -m pip --disable-pip-version-check --quiet

# Set PYTHON to choose the interpreter, TESTS to choose what pytest runs, WORKERS for its processes.
PYTHON  :=
TESTS   :=
WORKERS := auto

.PHONY: help demo test torture docs lint lint-ruff lint-format lint-types lint-imports format install lock clean

help:
	@echo 'make demo    install what is needed and show the hub on sample data'
	@echo 'make test    run the tests            (make test TESTS="tests/store -k merge" WORKERS=0)'
	@echo 'make torture kill the hub 200 times on each database, over a network that fails        (KILLS=1000)'
	@echo 'make docs    write docs/reference, and the examples in other pages, from the code'
	@echo 'make lint    ruff, mypy, import-linter'
	@echo 'make format  let ruff mend what it can'
	@echo 'make lock    pin requirements/*.txt again from pyproject.toml (UPGRADE=1 takes newer releases)'
	@echo 'make clean   remove .venv, caches and build results'

demo: $(VENV)/.runtime
	$(BIN)/hub demo

test: $(VENV)/.dev
	$(BIN)/python -m pytest -n $(WORKERS) $(TESTS)

torture: $(VENV)/.dev
	HUB_TORTURE_KILLS=$(or $(KILLS),200) $(BIN)/python -m pytest -n $(WORKERS) tests/torture

docs: $(VENV)/.dev
	$(BIN)/python -m tests.docs.generate

lint: lint-ruff lint-format lint-types lint-imports

lint-ruff: $(VENV)/.dev
	$(BIN)/ruff check .

lint-format: $(VENV)/.dev
	$(BIN)/ruff format --check .

lint-types: $(VENV)/.dev
	$(BIN)/mypy

lint-imports: $(VENV)/.dev
	$(BIN)/lint-imports

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

install: $(VENV)/.dev

# The stamps depend on pyproject.toml because entry points and scripts are written at install time.
$(VENV)/.runtime: $(VENV)/.made requirements/build.txt requirements/runtime.txt pyproject.toml
	$(PIP) install --require-hashes -r requirements/build.txt -r requirements/runtime.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.made requirements/dev.txt pyproject.toml
	$(PIP) install --require-hashes -r requirements/dev.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

# Each candidate is run, not only looked up: version managers leave stubs that fail.
$(VENV)/.made:
	@set -e; \
	for python in $(PYTHON) python3 python3.13 python3.12 python3.11; do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then found=$$python; break; fi; \
	  if test -n "$(PYTHON)"; then echo "error: PYTHON=$(PYTHON) is not a working Python 3.11 or later." >&2; exit 1; fi; \
	done; \
	if test -z "$$found"; then \
	  echo 'error: no Python 3.11 or later found (tried python3, python3.13, python3.12, python3.11).' >&2; \
	  echo '       Install one, or name it: make PYTHON=/path/to/python3.12' >&2; \
	  exit 1; \
	fi; \
	echo "creating $(VENV) with $$found ($$($$found --version))"; \
	$$found -m venv $(VENV) || { \
	  rm -rf $(VENV); \
	  echo "error: $$found could not make a virtual environment. On Debian and Ubuntu: apt install python3-venv" >&2; \
	  exit 1; \
	}
	@touch $@

# One resolution for all platforms. build.txt and runtime.txt are held to the versions in dev.txt.
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --custom-compile-command 'make lock' $(if $(UPGRADE),--upgrade)

lock: $(VENV)/.made
	@test -x $(BIN)/uv || $(PIP) install uv
	$(LOCK) pyproject.toml --group dev --output-file requirements/dev.txt
	$(LOCK) pyproject.toml --constraint requirements/dev.txt --output-file requirements/runtime.txt
	$(LOCK) --group build --constraint requirements/dev.txt --output-file requirements/build.txt

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis *.egg-info
	find hub plugins tests -name __pycache__ -type d -prune -exec rm -rf {} +
