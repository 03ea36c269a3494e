# Sarai: two commands matter. `make run` starts the server with a demo world, `make test` proves it.
# The Makefile only calls cargo, npm and the scripts beside it.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
export CARGO_TERM_COLOR ?= auto

.PHONY: help setup setup-test web run test quick lint rust web-test e2e fuzz bench gen soak

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | column -t -s "$$(printf '\t')"

setup: ## what `make run` needs: toolchain, node packages
	@scripts/setup run

setup-test: ## what `make test` needs besides: PostgreSQL, Chromium, fonts, the API fuzzer
	@scripts/setup test

web/dist/index.html: setup $(shell find web/src web/index.html web/public web/package.json -type f 2>/dev/null)
	cd web && npm run build

web: web/dist/index.html ## build the pages

run: setup web ## build and start the server on the embedded store with a demo world
	cargo run --quiet -p sarai -- serve --demo

test: setup-test lint web rust web-test e2e fuzz ## everything: format, lints, units, both stores, pages in a browser
	@echo "make test: everything passed"

quick: ## the inner loop
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --quiet -- -D warnings
	cargo test --workspace --lib --quiet

lint: setup ## format, lints
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings

rust: setup-test ## every Rust test, SQLite and PostgreSQL; walls between rooms, generated files
	cargo test --workspace

web-test: setup ## pages: types, lint, units
	cd web && npm run check && npm run lint && npm test

# `cargo test` builds the binary and the examples with the tests' own features: nothing is built twice.
e2e: setup-test web ## the journeys in a real browser, at phone and desk size, in both languages
	cargo test --workspace --no-run --quiet
	cd web && npm run e2e

fuzz: setup-test ## the server against its own OpenAPI document
	cargo test --workspace --no-run --quiet
	scripts/fuzz-api

bench: setup ## every benchmark, ours and the peer in one run
	cargo run --release -p sarai-bench -- all

gen: setup ## OpenAPI document, register
	cargo xtask gen

soak: setup-test ## the long forms: 200 kills on each store, more histories
	SARAI_SOAK=1 cargo test --workspace --release
