# The project's verbs. All they need is python3 (3.11 or newer, with venv and pip); `make` alone lists them.
export NO_MKDOCS_2_WARNING := 1
# Tests start hundreds of processes: each would compile the program anew.
unexport PYTHONDONTWRITEBYTECODE
export PIP_DISABLE_PIP_VERSION_CHECK := 1
PYTHON ?= python3
BIN := .venv/bin
HANDBOOK := docs/templates/handbook
PIP := $(BIN)/pip install -qq
UV := .cache/lock/bin/uv pip compile pyproject.toml --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --extra build

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 16

site: .venv/runtime ## build both editions into site/
	@$(BIN)/policy build

serve: .venv/runtime ## live preview of the internal edition (EDITION=external make serve for the other)
	@POLICY_EDITION=$(or $(EDITION),internal) $(BIN)/mkdocs serve

handbook: .venv/handbook ## one PDF of the whole internal edition (EDITION=external make handbook for the other)
	@sh $(HANDBOOK)/install.sh $(BIN)/python
	@$(BIN)/policy handbook --edition $(or $(EDITION),internal)

OUTPUT = $(if $(FORMAT),--format $(FORMAT)) $(if $(OUT),> "$(OUT)")

policies: .venv/runtime ## say all that is wrong with the policies (FORMAT=json or github for programs)
	@$(BIN)/policy check $(OUTPUT)

# BASE may be any branch's name: the shell puts it in, as make would run a $$(shell …) in it.
changes: .venv/runtime ## what this branch changes, clause by clause (BASE=main, FORMAT=markdown, OUT=file)
	@$(BIN)/policy changes $${BASE:+--base "$$BASE"} $(OUTPUT)

due: .venv/runtime ## reviews that are due, by owner (FORMAT=markdown, OUT=file)
	@$(BIN)/policy due $(OUTPUT)

schema: .venv/runtime ## write the schemas of front matter, for editors, and of the JSON files, for other programs, anew
	@$(BIN)/policy schema > .vscode/policy.schema.json
	@for of in policy register; do $(BIN)/policy schema --of $$of > docs/schema/$$of-2.json; done

road: .venv/runtime ## draw the picture in docs/design.md anew: the library's rooms, and which imports which
	@$(BIN)/python tests/road.py > docs/design/road.svg

check: .venv/tests policies ## lint, types and the policies themselves
	@$(BIN)/ruff check && $(BIN)/ruff format --check && $(BIN)/mypy

test: .venv/tests ## all tests, on two cores; PYTEST="-m quick" make test runs what takes no time, PYTEST="-k name" some
	@sh tests/install.sh
	@-sh $(HANDBOOK)/install.sh $(BIN)/python
	@$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder $(PYTEST)

bench: .venv/handbook ## measure speed and memory against their limits
	@sh $(HANDBOOK)/install.sh $(BIN)/python
	@$(BIN)/python tests/bench/bench.py $(BENCH)

lock: .cache/lock/bin/uv ## pin the newest versions that pyproject.toml allows, with hashes
	@$(UV) --output-file requirements.lock
	@$(UV) --extra handbook --constraint requirements.lock --output-file $(HANDBOOK)/requirements.lock
	@$(UV) --extra handbook --extra test --constraint $(HANDBOOK)/requirements.lock --output-file tests/requirements.lock

# Called by the workflows, on the main branch's own files; GitHub's runner has gh and a token.
comment: ## put the changes report of a pull request into its comment
	@$(PYTHON) .github/scripts/comment.py

issues: ## one issue for each owner with reviews due (DUE=file, made by: make due FORMAT=json OUT=file)
	@$(PYTHON) .github/scripts/issues.py

clean: ## remove all that was made, the site included
	rm -rf site .venv .cache hooks/*.egg-info

# Stamps: a second run installs nothing, a changed lock file installs again. pip is the last thing venv makes.
.venv/runtime: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Policy Press needs Python 3.11 or newer")'
	@test -x $(BIN)/pip || { rm -rf .venv; $(PYTHON) -m venv .venv; }
	@echo "Installing into .venv what $< pins"
	@$(PIP) --require-hashes -r $<
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/tests: tests/requirements.lock .venv/runtime
.venv/handbook: $(HANDBOOK)/requirements.lock .venv/runtime
.venv/tests .venv/handbook:
	@echo "Installing into .venv what $< pins"
	@$(PIP) --require-hashes -r $<
	@touch $@

.cache/lock/bin/uv:
	@$(PYTHON) -m venv .cache/lock && .cache/lock/bin/pip install --quiet uv

.PHONY: help site serve handbook policies changes due schema road check test bench lock comment issues clean
