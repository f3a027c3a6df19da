# Needs Python 3.11 or later with pip and venv, and make. No compiler.
#
#   make demo     install into .venv and run `pyvcs demo`
#   make test     the whole suite
#   make check    lint, format, types and the rules of the house
#   make docs     write docs/cli.md anew from the help of the commands
#   make bench    the benchmarks, or one of them: make bench W=name
#   make corpus   real JSON merges beside git, when ../shared/corpus is there
#   make fuzz     the property tests for longer: make fuzz ROUNDS=20
#   make soak     sixteen replicas among faults, with the figures: some minutes
#   make clean    remove what these made

PYTHON ?= python3
JOBS ?= auto
ROUNDS ?= 5
W ?=

PRODUCT = vcs merge objects cli
LINTED = $(PRODUCT) tests benchmarks docs
PIP_INSTALL = -m pip install --quiet --quiet --disable-pip-version-check

.PHONY: demo test check docs bench corpus fuzz soak clean FORCE
.DEFAULT_GOAL := test

demo: .venv/.installed
	@.venv/bin/pyvcs demo

test: .venv/.installed-test
	@.venv/bin/pytest -q -n $(JOBS)

docs: .venv/.installed
	@.venv/bin/python docs/reference.py

# A wheel with compiled modules, as people install it; it is made anew each time. Scripts that an older pip
# writes load `re` before anything else, and setuptools, which Python 3.12 and later put into no venv, loads
# itself into every Python there. A peer that cannot be installed is left out of the tables.
PEERS = breezy dulwich merge3 nbdime jsonpatch loro
bench:
	$(call venv,.venv-bench)
	@.venv-bench/bin/python $(PIP_INSTALL) --upgrade 'pip>=25'
	@.venv-bench/bin/python $(PIP_INSTALL) .
	@.venv-bench/bin/python $(PIP_INSTALL) --force-reinstall --no-deps .
	@for peer in $(PEERS); do \
	  .venv-bench/bin/python $(PIP_INSTALL) $$peer || echo "left out: $$peer" >&2; \
	done
	@.venv-bench/bin/python -m pip uninstall --quiet --yes setuptools
	@unset PYTHONDONTWRITEBYTECODE; \
	  .venv-bench/bin/python -m compileall -q .venv-bench/lib >/dev/null 2>&1 || true; \
	  .venv-bench/bin/python benchmarks/run.py $(if $(QUICK),--quick) \
	    $(if $(JSON),--json $(JSON)) $(W)

# Each round draws other examples; the seed that pytest prints repeats a failure.
fuzz: .venv/.installed-test
	@for round in $$(seq $(ROUNDS)); do \
	  .venv/bin/pytest -q -n $(JOBS) -m hypothesis --hypothesis-profile=fuzz || exit 1; \
	done

soak: .venv/.installed-test
	@PYVCS_SOAK=1 .venv/bin/pytest -q -s -n 0 tests/faults/test_fleet.py tests/faults/test_partitions.py

corpus: .venv/.installed-test
	@.venv/bin/python benchmarks/corpus.py
	@PYVCS_SOAK=1 .venv/bin/pytest -q -n $(JOBS) tests/laws/test_real_merges.py

check: .venv-check/.installed
	@.venv-check/bin/ruff check --quiet $(LINTED)
	@.venv-check/bin/ruff format --quiet --check $(LINTED) || \
	  { echo "not formatted: .venv-check/bin/ruff format $(LINTED)"; exit 1; }
	@.venv-check/bin/mypy $(PRODUCT) tests docs/reference.py
	@.venv-check/bin/mypy benchmarks
	@.venv-check/bin/pytest -q tests/house --ignore=tests/house/test_wheel.py

clean:
	rm -rf .venv .venv-check .venv-bench build dist *.egg-info .hypothesis .pytest_cache .mypy_cache .ruff_cache
	find $(LINTED) -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps depend on the build file, so that a second run installs nothing. The install is
# editable: changed and new modules are seen without another one.
.venv/.installed: pyproject.toml
	$(call venv,.venv)
	@.venv/bin/python $(PIP_INSTALL) --editable .
	@touch $@

.venv/.installed-test: pyproject.toml
	$(call venv,.venv)
	@.venv/bin/python $(PIP_INSTALL) --editable '.[test]'
	@touch .venv/.installed $@

# Type checkers see an editable install in strict mode only, which is a tree of links made once:
# it is made anew when a module comes or goes, by the builder that is installed already.
.venv-check/.installed: .venv-check/.installed-tools .venv-check/modules
	@.venv-check/bin/python $(PIP_INSTALL) --no-deps --no-build-isolation --editable . \
	  --config-settings editable_mode=strict
	@touch $@

.venv-check/.installed-tools: pyproject.toml
	$(call venv,.venv-check)
	@.venv-check/bin/python $(PIP_INSTALL) 'setuptools>=77' wheel
	@.venv-check/bin/python $(PIP_INSTALL) --editable '.[test,check]' \
	  --config-settings editable_mode=strict
	@touch $@

.venv-check/modules: FORCE
	@mkdir -p .venv-check
	@find $(PRODUCT) -name '*.py' | sort > $@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

define venv
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
  { echo "pyvcs needs Python 3.11 or later: make PYTHON=python3.11"; exit 1; }
@test -x $(1)/bin/pip || { echo "installing into $(1)"; $(PYTHON) -m venv $(1); }
endef
