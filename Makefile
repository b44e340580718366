# Two commands are enough: `make` builds the site, `make test` tests it. Each sets up what it needs.
# Paths are relative throughout, so the checkout may lie in a folder with spaces or accents in its name.

SHELL := /bin/sh
.DELETE_ON_ERROR:
.DEFAULT_GOAL := site
.PHONY: site setup test test-all lab variant student pdf verify check bench lock clean help misplaced setup-test setup-lab

# An activated conda environment (other than base) is used as it is; otherwise .venv, and .venv-lab for
# JupyterLab, whose servers and schemas would slow down every start of the build.
CONDA := $(if $(CONDA_PREFIX),$(filter-out base,$(CONDA_DEFAULT_ENV)))
VENV := $(if $(CONDA),conda,.venv)
VENV_LAB := $(if $(CONDA),conda,.venv-lab)
PY := $(if $(CONDA),python,.venv/bin/python)
PY_LAB := $(if $(CONDA),python,.venv-lab/bin/python)
REGINT := $(PY) -m regint.cli
export SURVEY

# $1: folder of the environment, or "conda"; $2: lock file. Does nothing when the environment was made from
# this very lock, in this very place: contents are compared, never times.
define SETUP
set -u
LC_ALL=C.UTF-8; export LC_ALL
say() { echo "make: $$1" >&2; exit 1; }
usable() { "$$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
if [ "$$1" = conda ]; then
    python=python; stamp="$$CONDA_PREFIX/.regint-$$2"; log="$$CONDA_PREFIX/.regint-setup.log"
    usable python || say "The active conda environment has no Python 3.11 or newer: make one with 'conda env create -f environment.yml'."
else
    python="$$1/bin/python"; stamp="$$1/.regint-$$2"; log="$$1/.regint-setup.log"
fi
wanted=$$(pwd -P; cat "$$2" pyproject.toml | cksum)
[ "$$wanted" = "$$(cat "$$stamp" 2>/dev/null)" ] && usable "$$python" && exit 0
if [ "$$1" != conda ] && ! "$$python" -m pip --version >/dev/null 2>&1; then
    found=; without=
    for candidate in $${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        usable "$$candidate" || continue
        if "$$candidate" -c 'import venv, ensurepip' 2>/dev/null; then found=$$candidate; break; fi
        without=$${without:-$$candidate}
    done
    if [ -z "$$found" ]; then
        [ -z "$$without" ] || say "$$without has no venv module: install it (Debian, Ubuntu: 'apt install python3-venv') and run make again."
        say "No Python 3.11 or newer was found: install one (Debian, Ubuntu: 'apt install python3 python3-venv'), or name it with 'make PYTHON=/path/to/python3'."
    fi
    echo "Making $$1 with $$("$$found" --version) ..."
    "$$found" -m venv --clear "$$1" || say "The environment $$1 could not be made: see the message above, then run make again."
fi
echo "Installing the packages of $$2; the first time this takes a minute ..."
# uv, where there is one, does the same much faster; what stops it, such as a mirror only pip knows of, may not stop pip.
# What is never imported need not be compiled.
fetch() {
    command -v uv >/dev/null 2>&1 && uv pip install --quiet --python "$$python" "$$@" >>"$$log" 2>&1 && return
    "$$python" -m pip --disable-pip-version-check --no-input --quiet install --no-compile "$$@" --retries 2 --timeout 20 >>"$$log" 2>&1
}
: >"$$log" || say "Cannot write to $$1: change its permissions and run make again."
if ! fetch --require-hashes --no-deps --only-binary :all: -r "$$2"; then
    if grep -qiE 'connection|name resolution|unreachable|timed out|proxy|SSL' "$$log"; then
        say "The packages could not be fetched: setting up needs the network once; check the connection or the proxy, then run make again."
    fi
    say "The packages of $$2 could not be installed ($$(grep -m1 ERROR "$$log" | cut -c1-200)): the whole message is in $$log."
fi
fetch --no-deps --no-build-isolation --editable . ||
    say "This project could not be installed ($$(grep -m1 ERROR "$$log" | cut -c1-200)): the whole message is in $$log."
# The path that leads Python here is made relative: an absolute one with accents is unreadable in the C locale.
[ "$$1" = conda ] || "$$python" -c 'import os, pathlib, sysconfig; site = pathlib.Path(sysconfig.get_path("purelib")); [path.write_text(os.path.relpath("lib", site) + "\n") for path in site.glob("__editable__.regint*.pth")]' ||
    say "This project could not be installed into $$1: remove the folder $$1 and run make again."
printf '%s\n' "$$wanted" >"$$stamp"
endef
export SETUP

site: misplaced setup ## Build the site into build/site (SURVEY=FOLDER: the report of your own survey); the default
	@$(REGINT) $$(test -n "$$SURVEY" && echo report || echo build) $${SURVEY:+"$$SURVEY"}

setup: ## Make .venv and install the locked packages; nothing to do when they are there
	@sh -c "$$SETUP" setup "$(VENV)" requirements.lock

TEST := $(PY) -m pytest -n auto

test: setup-test ## Test what a change can break, in a few minutes (ARGS="-k words" for some)
	@$(TEST) -m "not slow" $(ARGS)

test-all: setup-test ## Run every test there is, with the long batteries; what CI runs
	@$(TEST) $(ARGS)

lab: setup-lab ## Open the notebooks in JupyterLab
	@$(PY_LAB) -m jupyterlab $$(test "$$(id -u)" != 0 || echo --allow-root) notebooks

variant: setup ## Run one notebook with other parameters: NOTEBOOK=03_... PARAMS="-p confidence 0.9"
	@test -n "$(NOTEBOOK)" && test -n "$$PARAMS" || { echo 'make: Name the notebook and what to change: make variant NOTEBOOK=03_response_distributions PARAMS="-p confidence 0.9".' >&2; exit 2; }
	@$(REGINT) build "$(NOTEBOOK)" $(PARAMS)

student: misplaced setup ## Build the edition without solutions into build/student
	@$(REGINT) build --student

pdf: site ## Print every page into build/pdf (needs Chromium)
	@browser=$$(command -v chromium || command -v chromium-browser || command -v google-chrome) || \
	{ echo "make: No Chromium was found: install it (Debian: 'apt install chromium') and run make pdf again." >&2; exit 1; }; \
	built=build$${SURVEY:+/survey/$$(basename "$$SURVEY")}; \
	mkdir -p "$$built/pdf" && rm -f "$$built"/pdf/*.pdf; \
	for page in "$$built"/site/*.html; do \
	    test "$$page" != "$$built/site/search.html" || continue; \
	    target=$$built/pdf/$$(basename "$$page" .html).pdf; \
	    "$$browser" --headless $$(test "$$(id -u)" != 0 || echo --no-sandbox) --disable-gpu --no-pdf-header-footer \
	        --print-to-pdf="$$target" "file://$$PWD/$$page" >/dev/null 2>&1 && test -s "$$target" || \
	    { echo "make: Chromium could not print $$page." >&2; exit 1; }; \
	done; echo "PDF: $$built/pdf"

verify: site ## Build again from a clone, as if on other machines, and compare every byte with build/
	@$(PY) tools/verify.py

check: setup-test ## Look for mistakes without running anything: ruff and mypy
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy

bench: setup-test ## Measure speed against the usual tools (LARGE=1: ten million people; FRESH=1: a first make)
	@for benchmark in printed_figures microdata build calibration $(if $(FRESH),fresh); do $(PY) "benchmarks/$$benchmark.py" || exit 1; done

lock: ## Derive the lock files from pyproject.toml again (UPGRADE=1: with the newest versions; needs uv)
	@command -v uv >/dev/null || { echo "make: make lock needs uv: 'python3 -m pip install uv', then run it again." >&2; exit 1; }
	@lock() { uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header $(if $(UPGRADE),--upgrade) pyproject.toml "$$@"; }; \
	lock -o requirements.lock && \
	lock --extra test -c requirements.lock -o requirements-test.lock && \
	lock --extra lab -c requirements.lock -o requirements-lab.lock

clean: ## Remove everything that was built (the environments stay)
	@rm -rf build .pytest_cache .mypy_cache .ruff_cache .hypothesis

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

# A target that takes no parameters must not look as if it had taken them.
misplaced:
	@test -z "$$NOTEBOOK$$PARAMS" || { echo 'make: NOTEBOOK and PARAMS belong to one notebook: make variant NOTEBOOK=03_response_distributions PARAMS="-p confidence 0.9".' >&2; exit 2; }

setup-test:
	@sh -c "$$SETUP" setup "$(VENV)" requirements-test.lock

setup-lab:
	@sh -c "$$SETUP" setup "$(VENV_LAB)" requirements-lab.lock
