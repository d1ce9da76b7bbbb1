# The command list. Continuous integration (.ci/run) runs `make test` and nothing else.
.DEFAULT_GOAL := help
.PHONY: help setup demo test bench soak fuzz fmt

export PATH := $(PATH):$(HOME)/.cargo/bin

# The synthetic office-year of the demo.
CASES_OF_THE_DEMO ?= 20000
AS_OF ?= 2026-04-01

help: ## this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

setup: ## check that this machine can build; as root on Debian, install what is missing
	@scripts/setup

demo: setup ## the weekly review of a synthetic year, into out/demo (same build profile as the tests)
	cargo run --locked -q -p grievance-examples --bin weekly-review -- \
		--synthetic $(CASES_OF_THE_DEMO) --as-of $(AS_OF) --out out/demo

test: ## every check: format, lints, tests, doc examples, documentation, features, licences, hygiene
	@scripts/test

bench: setup ## the figures, beside a bare peer doing the same work (release build)
	-@scripts/bench-peers
	cargo bench --locked -p grievance-benches
	-@scripts/python-bench
	-@scripts/node-bench

soak: ## the laws with many more cases and a fresh seed; SEED=n repeats a run, CASES=n sets how many
	@SEED="$(SEED)" CASES="$(CASES)" KILLS="$(KILLS)" ATTACKS="$(ATTACKS)" FLOWS="$(FLOWS)" scripts/soak

fuzz: ## the parsers against made-up bytes, SECONDS_EACH=60 for each (needs nightly and cargo-fuzz)
	@scripts/fuzz

fmt: ## format the sources
	cargo fmt --all
