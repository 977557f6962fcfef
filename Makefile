# make run: the dashboard on http://127.0.0.1:8501. make test: everything checked. See README.md.
PORT ?= 8501
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run setup test lint soak bench corpora docs screenshots

run: setup
	$(BIN)/streamlit run app.py --server.port $(PORT)

setup: .venv/run
.venv/run: requirements.txt
	test -d .venv || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

.venv/test: .venv/run requirements-test.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-test.txt
	touch $@

# What the tests use beside Python comes from Debian where it is missing and we may install it.
programs:
	sh tests/install_browser.sh
	sh tests/install_postgres.sh
.PHONY: programs

lint: .venv/test
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m routes validate

test: .venv/test programs lint
	$(BIN)/pytest -n 3 --dist loadfile

# What takes more than a minute; the results are committed under docs/.
soak: .venv/test programs
	sh tests/install_libreoffice.sh
	$(BIN)/pytest -m long -n 2 --dist loadfile
	PYTHONPATH=. $(BIN)/python tests/soak.py > docs/soak.txt && cat docs/soak.txt

bench: .venv/test programs
	$(BIN)/pip install --quiet --disable-pip-version-check -r bench/requirements.txt
	$(BIN)/python bench/run.py

# Measure the GeoJSON checker against a folder of labelled files: make corpora CORPORA=folder
corpora: .venv/test
	$(BIN)/python tests/measure_corpora.py $(CORPORA)

# Everything under docs/ that a command makes.
docs: .venv/test programs
	$(BIN)/python -m routes coverage > docs/coverage.md
	$(BIN)/python -m routes coverage --left-out > docs/left-out.md
	$(BIN)/python tests/take_screenshots.py docs
