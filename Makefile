# One command each for the things people do with a checkout; `make help` lists them.
PORT ?= 8000
PYTHON ?= python3
BIN := .venv/bin
ASSETS := engine/dougong/web/assets
BUNDLE := engine/dougong/web/static/dist/manifest.json
RUNTIME := dsl/dougong_dsl/expression/runtime.js
BUNDLED := $(shell find $(ASSETS)/src -type f) $(ASSETS)/build.mjs $(wildcard $(RUNTIME))

.PHONY: help demo test lint bench soak screenshots stories assets clean
.DEFAULT_GOAL := help

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /    make \1	/p' Makefile | expand -t 24

demo: .venv/installed $(BUNDLE) ## the manufacturing template with sample data on http://127.0.0.1:8000 (PORT=…)
	@mkdir -p var
	@exec $(BIN)/dougong demo manufacturing --port $(PORT)

test: .venv/developing $(BUNDLE) ## everything: tests on SQLite, PostgreSQL and in a browser, then lint
	@scripts/require.sh chromium fonts pango postgresql
	$(BIN)/pytest -q -n 3 --dist loadfile $(ARGS)
	@$(MAKE) --no-print-directory lint

lint: .venv/developing $(ASSETS)/node_modules/.package-lock.json ## ruff, mypy --strict, tsc
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	cd $(ASSETS) && npm run --silent check

bench: .venv/developing $(BUNDLE) ## speed against two hand-written baselines (ARGS="--quick --only create")
	@scripts/require.sh postgresql
	$(BIN)/python -m bench $(ARGS)

soak: .venv/developing ## writers, releases and killed servers for MINUTES=10, every promise checked; KILLS=200 of workers and of servers; then PAIRS=100000 of expressions and rows
	@scripts/require.sh postgresql
	$(BIN)/python -m bench.soak --minutes $(or $(MINUTES),10)
	$(BIN)/python -m bench.killing --kills $(or $(KILLS),200)
	$(BIN)/python -m bench.flowing --kills $(or $(KILLS),200)
	$(BIN)/python -m bench.parity --pairs $(or $(PAIRS),100000)

screenshots: .venv/developing $(BUNDLE) ## pictures of every page in var/screenshots
	@scripts/require.sh chromium fonts pango postgresql
	$(BIN)/python -m tests.browser.screenshots $(ARGS)

stories: .venv/developing $(BUNDLE) ## every story of tests/stories by hand in a browser, on both databases; pictures in var/stories (ARGS="--only B7 --phone")
	@scripts/require.sh chromium fonts postgresql
	$(BIN)/python -m tests.browser.played $(ARGS)

assets: $(BUNDLE) ## the front end, bundled

clean: ## remove what the other commands made
	rm -rf .venv var dist $(ASSETS)/node_modules $(dir $(BUNDLE)) .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/bin/python:
	@PYTHON=$(PYTHON) scripts/require.sh python venv
	$(PYTHON) -m venv .venv

.venv/installed: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

.venv/developing: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@ .venv/installed

$(ASSETS)/node_modules/.package-lock.json: $(ASSETS)/package.json $(ASSETS)/package-lock.json
	@scripts/require.sh node
	cd $(ASSETS) && npm ci --ignore-scripts --no-fund --no-audit
	@touch $@

$(BUNDLE): $(BUNDLED) $(ASSETS)/node_modules/.package-lock.json
	cd $(ASSETS) && npm run --silent build
