# EmDia needs Python 3.11+ and make; everything else is fetched here, pinned and checked by hash.

# The first Python here that will do; `make PYTHON=/some/python` chooses another.
FITS := -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
PYTHON ?= $(shell for it in python3 python3.13 python3.12 python3.11 python; do \
	$$it $(FITS) && echo $$it && break; done)
# What is downloaded stays in the tree: a HOME that cannot be written to is no obstacle.
export UV_CACHE_DIR ?= $(CURDIR)/.cache/uv
export PIP_CACHE_DIR ?= $(CURDIR)/.cache/pip
export npm_config_cache ?= $(CURDIR)/.cache/npm
export npm_config_update_notifier := false
# Every start would compile everything anew.
unexport PYTHONDONTWRITEBYTECODE
VENV := .venv
PY := $(VENV)/bin/python
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev
BENCH := $(VENV)/.bench
NODE_MODULES := baileys_node/node_modules/.ready
PIP_INSTALL := $(VENV)/bin/uv pip install --quiet --compile-bytecode --python $(PY) --require-hashes -r

# An environment of a Python that is too old, or gone, is made again.
STALE := $(shell test ! -e $(VENV)/pyvenv.cfg || $(PY) $(FITS) || echo stale)

.PHONY: stale run demo test lint bench bench-actors bench-day bench-herd mutants bench-sheet bench-bot format lock clean

run: $(RUNTIME) $(NODE_MODULES)
	@exec $(PY) supervisor.py --with-parent

demo: $(RUNTIME) $(NODE_MODULES)
	@exec $(PY) -m playground.demo $(DEMO)

test: $(DEV) $(NODE_MODULES)
	$(PY) -m tests.node
	$(PY) -m pytest -n 4 --dist worksteal

# A seed repeats a run: make soak SEED=7 FAULTS=40
SEED ?= 1
FAULTS ?= 200
.PHONY: soak
soak: $(DEV) $(NODE_MODULES)
	$(PY) -m pytest -q -m long tests/faults tests/bot
	@exec $(PY) -m tests.soak --seed $(SEED) --faults $(FAULTS)

# A month of one business, in a minute: make month SEED=7 DAYS=10
.PHONY: month
month: $(DEV) $(NODE_MODULES)
	@exec $(PY) -m tests.month --seed $(SEED) $(if $(DAYS),--days $(DAYS))

# Every screen as a picture, in docs/telas; some of them: make pictures SCENES="inicio hoje"
PICTURES := playground/pictures
BROWSER := $(PICTURES)/node_modules/.ready
.PHONY: pictures browser
pictures: $(RUNTIME) $(NODE_MODULES) $(BROWSER)
	@exec $(PY) -m playground.pictures $(SCENES)

# The browser that draws them: 65 MB, for Linux on x86_64 only; without it `make test` skips its tests.
browser: $(BROWSER)

# Every button of the bot, pressed: make crawl SEED=7 BUDGET=3000
.PHONY: crawl
crawl: $(DEV)
	@exec $(PY) -m tests.crawl --seed $(SEED) $(if $(BUDGET),--budget $(BUDGET))

# The container without a container engine: make rehearse ARGS="--updates polling"
.PHONY: rehearse
rehearse: $(RUNTIME)
	@exec $(PY) -m deploy.rehearse $(ARGS)

lint: $(BENCH) $(NODE_MODULES)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy .
	cd baileys_node && ../$(VENV)/bin/node node_modules/typescript/bin/tsc -p .
	$(VENV)/bin/hadolint Dockerfile
	$(PY) -m tests.house_rules

bench: bench-actors bench-day bench-herd bench-sheet bench-bot

bench-actors: $(BENCH)
	$(PY) -m bench.actors

bench-day: $(BENCH) $(NODE_MODULES)
	$(PY) -m bench.day

bench-herd: $(BENCH) $(NODE_MODULES)
	$(PY) -m bench.herd

bench-sheet: $(BENCH)
	$(PY) -m bench.sheet
	$(PY) -m bench.sheet_chat

bench-bot: $(BENCH)
	$(PY) -m bench.bot

# LIMIT=0 tries every mutant of a folder, FOLDER one folder or path: make mutants FOLDER=domain LIMIT=0
mutants: $(DEV) $(NODE_MODULES)
	@nice -n 10 $(PY) -m tests.mutants --seed $(or $(SEED),7) --limit $(or $(LIMIT),100) --folder "$(FOLDER)"

format: $(DEV)
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

# Locks carry hashes and no registry addresses, so they hold behind any mirror.
LOCK := $(VENV)/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11
lock: $(RUNTIME)
	$(LOCK) requirements-uv.in -o requirements-uv.lock
	$(LOCK) pyproject.toml -o requirements.lock
	$(LOCK) pyproject.toml --extra playground -c requirements.lock -o requirements-playground.lock
	$(LOCK) pyproject.toml --extra playground --extra dev -c requirements-playground.lock -o requirements-dev.lock
	$(LOCK) pyproject.toml --extra playground --extra dev --extra lint --extra bench -c requirements-dev.lock -o requirements-bench.lock

clean:
	rm -rf $(VENV) .cache baileys_node/node_modules $(PICTURES)/node_modules .mypy_cache .ruff_cache .pytest_cache

$(VENV)/.uv: requirements-uv.lock $(STALE)
	@test -n "$(PYTHON)" && $(PYTHON) $(FITS) || { \
		echo "O EmDia precisa do Python 3.11 ou mais novo, com o módulo venv, e não achei." >&2; \
		echo "Instale (no Debian e no Ubuntu: apt install python3 python3-venv) ou diga qual usar:" >&2; \
		echo "  make PYTHON=/caminho/do/python3.12" >&2; exit 2; }
	$(PYTHON) -m venv --clear $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
	@touch $@

$(RUNTIME): requirements-playground.lock $(VENV)/.uv
	$(PIP_INSTALL) requirements-playground.lock
	@touch $@

$(DEV): requirements-dev.lock $(RUNTIME)
	$(PIP_INSTALL) requirements-dev.lock
	@touch $@

$(BENCH): requirements-bench.lock $(DEV)
	$(PIP_INSTALL) requirements-bench.lock
	@touch $@

$(NODE_MODULES): baileys_node/package-lock.json $(RUNTIME)
	cd baileys_node && PATH="$(abspath $(VENV))/bin:$$PATH" npm ci --ignore-scripts --omit=peer --no-audit --no-fund --loglevel=error
	@touch $@

$(BROWSER): $(PICTURES)/package-lock.json $(PICTURES)/unpack.mjs $(RUNTIME)
	cd $(PICTURES) && PATH="$(abspath $(VENV))/bin:$$PATH" npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	$(VENV)/bin/node $(PICTURES)/unpack.mjs
	@touch $@
