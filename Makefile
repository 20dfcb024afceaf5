# formbench: from experiments to figures. `make help` lists the targets.

# How much of the experiments: quick (minutes), standard (a coffee), full (see `formbench plan`).
PROFILE ?= standard
# Whose committed data `make figures` draws.
HOST ?= amd-epyc-2core
# More for `formbench run`, as RUN="--engine flex".
RUN ?=

TARGET := $(or $(CARGO_TARGET_DIR),target)
FORMBENCH := $(TARGET)/release/formbench
# Features are resolved over the workspace, so that every target shares compiled dependencies.
CARGO_BUILD := cargo build --release --workspace --locked

.PHONY: help build reproduce figures reference test check clean

help: ## List the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18
	@echo
	@echo '  PROFILE=quick|standard|full   how much is measured (now: $(PROFILE))'

build: ## Build the command and its worker
	$(CARGO_BUILD) --bins

reproduce: build ## Measure on this machine and draw the figures
	run=$$($(FORMBENCH) run --profile $(PROFILE) $(RUN)) && $(FORMBENCH) figures "$$run"

figures: ## Redraw our figures from the committed data (compiles no Burn)
	$(CARGO_BUILD) --bin formbench
	$(FORMBENCH) figures data/reference/$(HOST) --output figures

reference: build ## Make this machine's run the reference that `make figures` draws
	run=$$($(FORMBENCH) run --profile $(PROFILE) $(RUN)) && \
	rm -rf data/reference/$(HOST) && cp -r "$$run" data/reference/$(HOST)

test: ## Run every test
	cargo test --release --workspace --locked

check: ## Everything a change must pass, cheapest first
	cargo fmt --check
	cargo clippy --release --workspace --all-targets --locked -- -D warnings
	! cargo tree -p formbench -e normal --locked --prefix none | grep '^burn'
	! cargo tree -p formbench-worker -e normal --locked --prefix none | grep '^polars'
	$(MAKE) test
	RUSTDOCFLAGS='-D warnings' cargo doc --release --workspace --no-deps --locked
	if command -v cargo-deny > /dev/null; then cargo deny check bans licenses sources; fi
	$(MAKE) figures
	git diff --exit-code -- figures

clean: ## Remove what was built and measured here, not what is committed
	cargo clean
	rm -rf data/runs figures/runs
