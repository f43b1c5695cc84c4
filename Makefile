# `make` or `make help` lists what can be made. Needs python3, python3-venv and make; the rest goes into .venv.

PYTHON ?= python3
PORT ?= 8000
WORKERS ?= 2
LAB_FLAGS ?=

# NEWEST=1 ignores the lock: the newest versions that pyproject.toml allows, in an environment of their own.
# One thread each for the numerical libraries: tests and kernels run side by side, and threads that wait for each
# other on a busy machine turned seconds into minutes.
export OMP_NUM_THREADS ?= 1
# Some images of Python forbid it to keep what it compiles. Each of some hundred processes here would then compile its
# libraries anew, which takes longer than most of them run.
export PYTHONDONTWRITEBYTECODE :=

VENV := $(if $(NEWEST),.cache/newest,.venv)
PY := $(VENV)/bin/python
READY := $(VENV)/.ready
REPORTS := $(CURDIR)/.cache/reports
ONNX := .cache/onnx/bin/python

# V=1 shows the commands.
Q := $(if $(filter 1,$(V)),,@)
QUIET := $(if $(filter 1,$(V)),,--quiet)

.DEFAULT_GOAL := help
.PHONY: help serve book zip watch chapter lab service onnx test test-package test-drawn test-live test-page test-firefox bench claims lock clean browser sandbox FORCE
.SUFFIXES:
# Goals named together run one after the other also under -j, so that `make -j clean test` means what it says.
.NOTPARALLEL:

help: ## this list (what plain `make` does)
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' Makefile
	@echo "Settings: PYTHON=python3.12 (3.11 to 3.13), PORT=8000, V=1 (show the commands), NEWEST=1 (ignore the lock), SEED=738000 (repeat draws)"

serve: $(READY) ## build the book and serve it at http://localhost:8000 until Ctrl-C
	@echo "Building the book (V=1 shows Sphinx's progress too)"
	$(Q)exec $(PY) -m launchlab.publish serve --build $(QUIET) --port="$(PORT)"

book: $(READY) ## build the book; the last line says where it is
	@echo "Building the book (V=1 shows Sphinx's progress too)"
	$(Q)$(build-book)

zip: book ## the book as one file, to be read from a folder without a network
	$(Q)$(PY) -m launchlab.publish zip

watch: $(READY) ## the book at http://localhost:8000, built anew at every saved change, until Ctrl-C
	$(Q)exec $(PY) -m launchlab.publish watch --port="$(PORT)"

chapter: $(READY) ## build one page and then check it: make chapter CH=objectives/one-score
	$(Q)$(with-browser) $(PY) -m launchlab.publish chapter "$(CH)"

lab: $(READY) ## open JupyterLab at the book's first page
	@echo "JupyterLab opens at book/index.ipynb; its address follows, Ctrl-C stops it."
	$(Q)exec $(PY) -m jupyterlab $(if $(filter 0,$(shell id -u)),--allow-root) --config=jupyter_lab_config.py $(LAB_FLAGS)

service: $(READY) ## serve the ranker of service/ at http://127.0.0.1:8000 until Ctrl-C
	$(Q)mkdir -p .cache; cd service && exec "$(CURDIR)/$(PY)" -m ranker serve --port="$(PORT)" --log="$(CURDIR)/.cache/served.jsonl"

# Its libraries do not fit the newest of all others, so they live in an environment of their own; the second run shows
# what happens beside a newer protobuf.
onnx: $(READY) ## try the service's model as ONNX, in an environment of its own (some 100 MB)
	$(Q)test -x .cache/onnx/bin/python || $(PY) -m venv .cache/onnx
	$(Q)$(ONNX) -m pip --disable-pip-version-check install $(QUIET) -r service/requirements-onnx.txt
	$(Q)$(ONNX) -m pip --disable-pip-version-check install $(QUIET) --no-deps --upgrade --target .cache/onnx/newer protobuf==7.36.2
	$(Q)$(ONNX) service/tools/try_onnx.py service/releases/week-47 launchlab/software/results/onnx.json
	$(Q)! PYTHONPATH=.cache/onnx/newer $(ONNX) service/tools/try_onnx.py service/releases/week-47 \
	  launchlab/software/results/onnx-newer.json

# What needs no book is done beside all the rest, so that no core waits for another.
test: $(READY) browser sandbox ## build, lint, then test the package, the pages and every notebook
	$(Q)mkdir -p "$(REPORTS)"; rm -f "$(REPORTS)"/*.xml "$(REPORTS)/beside"; start=$$(date +%s); failed=; \
	echo "Building the book; beside it the code is linted, and the claims and the service are tested"; \
	{ failed=; \
	  { $(run-lint); } >"$(REPORTS)/lint.log" 2>&1 || failed=" lint"; \
	  { $(run-service); } >"$(REPORTS)/service.log" 2>&1 || failed="$$failed service"; \
	  { $(run-claims); } >"$(REPORTS)/claims.log" 2>&1 || failed="$$failed claims"; \
	  echo "$$failed" >"$(REPORTS)/beside"; } & beside=$$!; \
	{ $(build-book); } || failed=" book"; \
	if [ -z "$$failed" ]; then $(call run-stages,notebooks package) fi; \
	wait $$beside; failed="$$failed$$(cat "$(REPORTS)/beside" || echo " lint service claims")"; \
	for stage in lint service claims; do echo "== $$stage"; cat "$(REPORTS)/$$stage.log"; done; \
	$(call verdict,book lint service claims notebooks package)

test-package: $(READY) ## only lint and the quick tests, which need no built book, browser or kernel
	$(Q)$(call stages,lint service quick)

test-drawn: book browser sandbox ## only what draws at random, for other seeds: make test-drawn SEED=738000
	$(Q)$(call stages,drawn notebooks)

test-live: $(READY) browser ## test the labs in a real JupyterLab
	$(Q)$(call stages,live)

test-page: book browser ## test the page's own Python, and run every chapter in it
	$(Q)$(call stages,page)

test-firefox: book ## use every lab, and two chapters' own Python, in the Firefox that is installed
	$(Q)$(PY) -m tests.pagepython.firefox

bench: book browser sandbox ## measure speed and size; prints one table and writes it to a file
	$(Q)$(with-browser) $(PY) -m tests.bench

claims: $(READY) ## recompute every claim over 20 worlds; BREAK=name: search where one ends
	$(Q)$(PY) -m launchlab.findings $(if $(BREAK),--break "$(BREAK)") $(CLAIMS)

lock: ## make requirements.lock anew from pyproject.toml (UPGRADE=1: with the newest versions)
	$(call need-python)
	$(Q)test -x .cache/uv/bin/uv || { echo "Installing uv into .cache/uv"; \
	  $(PYTHON) -m venv .cache/uv && .cache/uv/bin/python -m pip install $(QUIET) uv; }
	$(Q).cache/uv/bin/uv pip compile pyproject.toml --group run --group service --group book --group test --group make \
	  --universal --python-version 3.11 --no-header --no-annotate $(if $(UPGRADE),--upgrade) $(QUIET) \
	  --output-file requirements.lock >/dev/null
	@echo "requirements.lock holds $$(grep -c == requirements.lock) versions. Next: make test, then commit it."

clean: ## remove what was built, cached and measured (.venv stays)
	$(Q)rm -rf _build .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis bench.txt bench.json
	$(Q)find book exercises solutions coursework launchlab service tests \
	  \( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} + 2>/dev/null || true
	@echo "Removed what was built. To remove the environment too: rm -rf .venv"

# Prints nothing where a browser is; as root on Debian it installs one; else it ends in the command that does.
browser: $(READY)
	$(Q)$(PY) -m tests.browser_path --install >/dev/null

# The same for bubblewrap, in which submissions are graded.
sandbox: $(READY)
	$(Q)$(PY) -m tests.sandbox_path --install

with-browser = LAUNCHLAB_CHROMIUM="$$($(PY) -m tests.browser_path)"

# Each stage runs even when an earlier one failed; the last line names those that failed.
pytest = $(PY) -m pytest --junitxml="$(REPORTS)/$(1).xml"
# A worker that crashes, or that the watchdog ends, ends the run: the last lines name its test.
workers = -n $(WORKERS) --max-worker-restart=0 --dist
# Who waits for a browser's frames, or for a clock, leaves a core idle now and then.
more-workers = -n $$(($(WORKERS) + 1)) --max-worker-restart=0 --dist
build-book = $(PY) -m launchlab.publish build $(QUIET)
run-claims = $(call pytest,claims) tests/claims tests/findings
run-lint = $(PY) -m ruff check && $(PY) -m ruff format --check && $(run-types) && \
  $(VENV)/bin/lint-imports --no-cache --no-logo
# mypy checks the code as Python 3.11 reads it (pyproject.toml). On a newer Python the lock holds a newer numpy, which
# describes its types as only a newer Python reads them: mypy then found thirty faults, of which five stayed when it was
# told to read as 3.13 does.
run-types = if $(PY) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))'; \
  then $(PY) -m mypy launchlab coursework && (cd service && "$(CURDIR)/$(PY)" -m mypy); \
  else echo "Types are checked with Python 3.11 only"; fi
run-service = (cd service && "$(CURDIR)/$(PY)" -m pytest --junitxml="$(REPORTS)/service.xml")
run-package = $(with-browser) $(call pytest,package) tests --ignore=tests/live --ignore=tests/bench \
  --ignore=tests/claims --ignore=tests/findings $(foreach one,chapters runs,--ignore=$(page-python)_$(one).py) \
  $(more-workers) loadscope --no-loadscope-reorder
# What starts the page's own Python, which only a book with that extra has.
page-python = tests/pagepython/test_pagepython
run-quick = $(call pytest,quick) tests --ignore=tests/live --ignore=tests/bench --ignore=tests/site \
  --ignore=tests/twins --ignore=tests/prose/test_prose_built.py \
  --bubblewrap=if-found -m "not site $(if $(SLOW),,and not slow and not kernel)" $(workers) loadfile
run-drawn = $(with-browser) $(call pytest,drawn) tests --drawn --ignore=tests/live --ignore=tests/bench \
  $(workers) loadscope --no-loadscope-reorder
run-notebooks = $(PY) -m tests.rerun --junitxml="$(REPORTS)/notebooks.xml" $(workers) loadfile
# One after the other to whichever worker is free: they differ by seconds and minutes.
run-page = $(with-browser) PAGE_PYTHON=1 $(call pytest,page) $(page-python)_chapters.py $(page-python)_runs.py \
  $(workers) load --maxschedchunk=1
run-live = $(with-browser) $(call pytest,live) tests/live $(workers) worksteal

run-stages = $(foreach stage,$(1),echo "== $(stage)"; { $(run-$(stage)); } || failed="$$failed $(stage)";)
define verdict
took=$$(( $$(date +%s) - start )); \
if [ -n "$$failed" ]; then echo "Tests FAILED in:$$failed (after $$took s)"; exit 1; fi; \
echo "Tests passed: $(1) ($$took s)"
endef
define stages
mkdir -p "$(REPORTS)"; rm -f $(foreach stage,$(1),"$(REPORTS)/$(stage).xml"); failed=; start=$$(date +%s); \
$(call run-stages,$(1)) $(call verdict,$(1))
endef

# The environment. The stamp .ready holds the Python version and a checksum of what was installed, so that a file that
# was only touched costs nothing. An environment of another Python, or of another folder (a copied checkout, whose
# tests would test the original), is made anew; one made by hand in this folder is kept and brought up to the lock.
HERE := $(if $(shell grep -sF '$(CURDIR)/$(VENV)' $(VENV)/pyvenv.cfg),yes)
STALE := $(if $(HERE),,FORCE) $(if $(filter file,$(origin PYTHON)),,FORCE)

$(READY): requirements.lock pyproject.toml $(STALE)
	$(call need-python)
	$(Q)set -e; version=$$($(PYTHON) -c '$(version)'); state="$$version $$(cat requirements.lock pyproject.toml | cksum)"; \
	if [ -z '$(HERE)' ] || [ "$$($(PY) -c '$(version)' 2>/dev/null)" != "$$version" ] \
	  || ! $(PY) -m pip --version >/dev/null 2>&1; then \
	  echo "Making $(VENV) with Python $$version"; $(PYTHON) -m venv --clear $(VENV); \
	fi; \
	if [ "$$(cat $(READY) 2>/dev/null)" != "$$state" ]; then \
	  echo "Installing $(if $(NEWEST),the newest versions,the $(words $(LOCKED)) packages of requirements.lock) into $(VENV) (some minutes the first time)"; \
	  { { $(if $(NEWEST),$(install-newest),$(install-locked)); } 2>&1 && status=0 || status=$$?; \
	    echo "$$status" >$(VENV)/pip.status; } \
	    | tee $(VENV)/pip.log | $(if $(filter 1,$(V)),cat,awk '$(tell-progress)'); \
	  if [ "$$(cat $(VENV)/pip.status)" != 0 ]; then \
	    tail -n 30 $(VENV)/pip.log; \
	    echo "The packages could not be installed: the reason stands above (is the network there?), all of it in $(VENV)/pip.log"; \
	    exit 1; \
	  fi; \
	  echo "$$state" > $(READY); \
	else touch $(READY); fi

# Of all that pip says, how far it is.
LOCKED = $(shell grep -s '==' requirements.lock | cut -d' ' -f1)
define tell-progress
/^Downloading / { print "  " $$2 " " $$3; } \
/^Collecting / { found++; if (found % 25 == 0) print "  " found " packages found"; } \
/^Installing collected packages/ && found > 25 && !told++ { print "  writing them (the longer half)"; } { fflush(); }
endef
PIP = $(PY) -m pip --disable-pip-version-check --no-input install --progress-bar off
# uv writes the same packages in a fifth of pip's time. Where it cannot, as where only pip is told of a mirror, pip does.
# It compiles them only when asked to, as pip does unasked: submissions are graded where nothing can be written.
UV = $(shell grep -s '^uv==' requirements.lock | cut -d' ' -f1)
fill-by-uv = $(if $(UV),$(PIP) $(UV) && $(PY) -m uv pip install --compile-bytecode --python $(PY) -r requirements.lock,false)
# setuptools is in the lock, so the build needs no second download.
install-locked = { { $(fill-by-uv); } || $(PIP) -r requirements.lock; } && $(PIP) --no-deps --no-build-isolation -e .
# --group needs a newer pip than Python brings.
install-newest = $(PIP) --upgrade pip && \
  $(PIP) --upgrade --upgrade-strategy eager -e . --group run --group service --group book --group test

version = import sys; print(".".join(map(str, sys.version_info[:3])))
# Stops make in one line when $(PYTHON) is missing, too old, too new, or cannot make environments.
need-python = $(eval trouble := $(shell $(find-trouble)))$(if $(trouble),$(error $(trouble)))
define find-trouble
if ! command -v $(PYTHON) >/dev/null 2>&1; then \
  echo "There is no $(PYTHON) here: sudo apt-get install python3 python3-venv"; \
elif ! $(PYTHON) -c '' >/dev/null 2>&1; then \
  echo "$(PYTHON) is here but does not start$$(test -z "$(findstring pyenv,$(shell command -v $(PYTHON)))" || \
    echo ' (a shim of pyenv: no version of Python is active)'). Name another: make PYTHON=python3.11"; \
elif ! $(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then \
  echo "$(PYTHON) is Python $$($(PYTHON) -c '$(version)'); the course needs 3.11, 3.12 or 3.13. Name one: make PYTHON=python3.11"; \
elif ! $(PYTHON) -c 'import venv, ensurepip' 2>/dev/null; then \
  echo "$(PYTHON) cannot make an environment: sudo apt-get install $(notdir $(PYTHON))-venv"; \
fi
endef
