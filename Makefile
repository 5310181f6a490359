# Two commands do everything: `make run` and `make test`.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin

# One more than cores: some tests wait for other processes. Those share the cores, and do not need
# a team of threads each for their matrices.
WORKERS ?= $(shell expr $$(nproc) + 1)
test test-training test-slow: export OPENBLAS_NUM_THREADS = 1
PYTEST := -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

export PHOTOS

# annoy's own build aims at the very CPU it runs on; an environment that is moved would die of it.
ifeq ($(shell uname -m),x86_64)
export ANNOY_COMPILER_ARGS := -DANNOYLIB_MULTITHREADED_BUILD,-std=c++14,-fpermissive,-O3,-march=x86-64-v3
endif

.PHONY: run test check install fast-index export-env test-slow test-training format clean

## Open the app on port 8501; with PHOTOS=folder index that folder first.
run: $(VENV)/.runtime
	@$(if $(PHOTOS),$(BIN)/python -m engine index "$$PHOTOS")
	@$(BIN)/python -m streamlit run streamlit_app.py $(STREAMLIT)

## Install what tests need, then lint, types, import contracts, and all tests.
test: $(VENV)/.dev check
	$(BIN)/python $(PYTEST) -m "not slow"

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

## The few tests that take more than 30 seconds.
test-slow: $(VENV)/.dev
	$(BIN)/python -m pytest -m slow

## Tests of export/ and training/, in environments of their own with PyTorch. OpenCLIP's is apart:
## where PyTorch is a CPU build and torchvision is not, transformers could not be imported beside it.
test-training: $(VENV)-training/.ready $(VENV)-openclip/.ready
	$(VENV)-training/bin/python $(PYTEST) tests/export tests/training
	$(VENV)-openclip/bin/python -m pytest tests/export/sources/test_open_clip.py

install: $(VENV)/.runtime

## Build the fast index after a compiler was installed.
fast-index:
	rm -f $(VENV)/.runtime
	$(MAKE) $(VENV)/.runtime

## What `python -m export` needs, in an environment of its own with PyTorch.
export-env: $(VENV)-export/.ready

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' \
	  || { echo "Python 3.11 is needed, $(PYTHON) is not; name one: make run PYTHON=..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.txt scripts/install | $(BIN)/python
	@scripts/install $(BIN)/python
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.txt requirements-onnx.txt \
  requirements-backends.txt requirements-sign-in.txt
	$(BIN)/python -m pip install --disable-pip-version-check --quiet -r requirements-dev.txt
	@touch $@

$(VENV)-export/.ready: requirements.txt requirements-onnx.txt requirements-export.txt
	$(PYTHON) -m venv $(VENV)-export
	@scripts/install $(VENV)-export/bin/python
	$(VENV)-export/bin/python -m pip install --disable-pip-version-check --quiet \
	  -r requirements-export.txt
	@touch $@

$(VENV)-training/.ready: requirements.txt requirements-dev.txt requirements-onnx.txt \
  requirements-export.txt requirements-training.txt requirements-backends.txt \
  requirements-sign-in.txt
	$(PYTHON) -m venv $(VENV)-training
	@scripts/install $(VENV)-training/bin/python
	$(VENV)-training/bin/python -m pip install --disable-pip-version-check --quiet \
	  -r requirements-dev.txt -r requirements-training.txt
	@touch $@

# What the environment above has is seen from here, and not installed again.
$(VENV)-openclip/.ready: $(VENV)-training/.ready requirements-openclip.txt
	$(PYTHON) -m venv $(VENV)-openclip
	echo "$(CURDIR)/$(VENV)-training/lib/python3.11/site-packages" \
	  > $(VENV)-openclip/lib/python3.11/site-packages/training.pth
	$(VENV)-openclip/bin/python -m pip install --disable-pip-version-check --quiet \
	  -r requirements-openclip.txt
	@touch $@
