PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check -q -c constraints.txt
SOURCES := bot retrieval tests benchmarks fuzz

.PHONY: run test check format bench train fuzz soak clean

# Sets up what is missing and starts the main job: the console, or the Telegram bot when a token is set.
run: $(if $(MODELS),$(VENV)/models,$(VENV)/installed)
	@$(BIN)/python -m bot

# A module's tests run in one process; there are as many processes as cores.
test: check
	$(BIN)/python -m pytest -n auto --dist loadfile

check: $(VENV)/development
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy

format: $(VENV)/development
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)

# Minutes to hours, by the number of inputs: make fuzz FUZZ="question --inputs 1000"
fuzz: $(VENV)/development
	$(BIN)/python -m fuzz $(FUZZ)

bench: $(VENV)/bench
	$(BIN)/python -m benchmarks

# What people call figures, as vectors: after a change of retrieval/language/lexicon/spoken.txt.
train: $(VENV)/development
	$(BIN)/python -m benchmarks.spoken

# Half an hour to an hour: every kill point, ten thousand mixed operations, ten minutes of the bot under load.
soak: $(VENV)/development
	KILL_POINTS_EVERY=1 $(BIN)/python -m pytest tests/retrieval/storage/test_kill_points.py -s
	PYTHONPATH=.:tests $(BIN)/python tests/mixed_operations.py 10000
	$(BIN)/python -m benchmarks.soak

$(VENV)/bin/python:
	@echo "Setting up $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing reportbot (about 200 MB of packages, once) ..."
	@$(PIP) -e .
	@touch $@

# torch goes first and by its exact version, so that no newer build with gigabytes of CUDA packages is taken for it.
$(VENV)/models: $(VENV)/installed
	@echo "Installing sentence-transformers and torch (once) ..."
	@$(PIP) "torch==2.13.0"
	@$(PIP) -e ".[models]"
	@touch $@

# All at once, which takes half the time of one after the other.
$(VENV)/development: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing what the tests need (once) ..."
	@$(PIP) "torch==2.13.0"
	@$(PIP) -e ".[models,openvino,ocr,dev]"
	@touch $(VENV)/installed $(VENV)/models $@

$(VENV)/bench: $(VENV)/development
	@$(PIP) -e ".[models,openvino,ocr,dev,bench]"
	@touch $@

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
