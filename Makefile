PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PLAIN_PIP := $(BIN)/python -m pip install --disable-pip-version-check -q
PIP := $(PLAIN_PIP) -c constraints.txt
LOCKER := uv==0.13.9
SOURCES := bot retrieval tests benchmarks fuzz

.PHONY: run test check format bench train fuzz soak lock clean

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

# What people say, as layers of the model, vectors and weights: after a change of benchmarks/data/pairs.txt (the layers take an hour,
# and torch), lexicon/spoken.txt or benchmarks/data/asked. All libraries are embedded anew after another model.
train: $(VENV)/models $(VENV)/development
	$(BIN)/python -m benchmarks.encoder
	$(BIN)/python -m benchmarks.spoken
	$(BIN)/python -m benchmarks.meaning

# Half a day: every kill point, ten thousand mixed operations, ten minutes of the bot under load, ten thousand hostile
# questions and two thousand hostile files with fifty ordinary people beside, a thousand restarts and kills while answering.
soak: $(VENV)/development
	KILL_POINTS_EVERY=1 $(BIN)/python -m pytest tests/retrieval/storage/test_kill_points.py -s
	PYTHONPATH=.:tests $(BIN)/python tests/mixed_operations.py 10000
	$(BIN)/python -m benchmarks.soak
	PYTHONPATH=.:tests $(BIN)/python tests/hostile_soak.py 10000 2000 1000

$(VENV)/bin/python:
	@echo "Setting up $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

# Each file that is downloaded has to be the very one that requirements.txt names by its hash.
$(VENV)/installed: pyproject.toml requirements.txt | $(VENV)/bin/python
	@echo "Installing reportbot (about 200 MB of packages, once) ..."
	@$(PLAIN_PIP) --require-hashes -r requirements.txt
	@$(PLAIN_PIP) --no-deps --no-build-isolation -e .
	@touch $@

# After a change of constraints.txt or of what the program needs: their hashes, for all systems and versions of Python.
lock: | $(VENV)/bin/python
	@$(PLAIN_PIP) $(LOCKER)
	@$(BIN)/uv pip compile pyproject.toml --extra build -c constraints.txt --generate-hashes --universal --python-version 3.11.5 \
		--no-annotate --no-header --no-emit-index-url --index-strategy unsafe-best-match -q -o requirements.txt

# Not by hash: torch has another file for each kind of processor and of graphics card.
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
