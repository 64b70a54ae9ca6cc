# The everyday commands. `make` alone lists them.

JOBS ?= $(shell nproc)
ARGS ?=
SECONDS ?= 60

BUILD := build/release
PYTHON := python3 -B

.DEFAULT_GOAL := help
.PHONY: help setup build demo demo-core test test-operators check bench bench-core overload sim sim-many power-cuts crash planted models sanitize fuzz format docs

help: ## list the commands
	@echo "MSP, the M2M Service Platform"
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "JOBS=$(JOBS) bounds what runs at once. Builds go to build/<preset>: dev, release, asan, tsan, fuzz."

setup: ## install the Debian packages that are missing
	@tools/setup

build: setup configure-release ## compile everything, as it is shipped
	@cmake --build --preset release --parallel $(JOBS)

demo: setup configure-release ## run the whole platform here with simulated machines (ARGS=...)
	@cmake --build --preset release --parallel $(JOBS) --target msp
	@$(BUILD)/src/main/msp demo $(ARGS)

demo-core: setup configure-release ## play the use case on two real mobile cores (needs root, a tun device)
	@cmake --build --preset release --parallel $(JOBS) --target msp
	@$(PYTHON) tests/core/demo_core.py $(BUILD)/src/main/msp

test: build ## run every test
	@$(PYTHON) tools/run_tests.py --jobs $(JOBS) release

test-operators: setup configure-release ## try every connector against its operator with each fault
	@cmake --build --preset release --parallel $(JOBS) --target operator_conformance_tests
	@$(BUILD)/src/operators/operator_conformance_tests

check: setup configure-dev configure-release ## hold the code against the rules of the house
	@$(PYTHON) tools/check_all.py --jobs $(JOBS) build/dev $(BUILD)

bench: setup configure-release ## measure throughput and latency (ARGS=...), then bench-core
	@cmake --build --preset release --parallel $(JOBS) --target msp msp_bench
	@$(BUILD)/bench/msp_bench --msp $(BUILD)/src/main/msp --folder build/bench $(ARGS)
	@$(MAKE) --no-print-directory bench-core

bench-core: setup configure-release ## measure from suspended to detached on a real core (ROUNDS=100)
	@cmake --build --preset release --parallel $(JOBS) --target msp
	@$(PYTHON) tests/core/detach_bench.py $(BUILD)/src/main/msp --folder build/bench \
		--rounds $(or $(ROUNDS),100) || [ $$? = 77 ]

overload: setup configure-release ## try idle, slow and flooding clients and restarts (ARGS=...)
	@cmake --build --preset release --parallel $(JOBS) --target msp msp_overload
	@$(BUILD)/bench/msp_overload --msp $(BUILD)/src/main/msp --folder build/bench $(ARGS)

sim: setup configure-release ## live the simulated life of one seed (SEED=n, STEPS=n)
	@cmake --build --preset release --parallel $(JOBS) --target msp_sim
	@$(BUILD)/src/simulation/msp_sim $(or $(SEED),1) $(STEPS)

sim-many: setup configure-release ## live the lives of many seeds (N=n, FIRST=n)
	@cmake --build --preset release --parallel $(JOBS) --target msp_sim
	@$(BUILD)/src/simulation/msp_sim --many $(or $(N),10000) $(or $(FIRST),1) $(JOBS)

power-cuts: setup configure-release ## cut the power ten thousand times under the embedded store
	@cmake --build --preset release --parallel $(JOBS) --target power_cuts_tests
	@for seed in $$(seq 1 13); do $(BUILD)/src/store/power_cuts_tests --rand-seed=$$seed || exit 1; done

crash: setup configure-release ## kill and starve the real process (KILLS=300, ACKNOWLEDGED=100000)
	@cmake --build --preset release --parallel $(JOBS) --target msp failing_disk
	@$(PYTHON) tests/kill/kill_test.py $(BUILD)/src/main/msp --threads 32 \
		--kills $(or $(KILLS),300) --acknowledged $(or $(ACKNOWLEDGED),100000)
	@ctest --test-dir $(BUILD) --verbose --tests-regex '^faults_'

planted: setup ## let the simulator look for the bugs that are planted for it (ARGS=...)
	@$(PYTHON) tools/planted_bugs.py --jobs $(JOBS) $(ARGS)

models: setup ## search the models of the protocol, right and wrong, for what breaks them (ARGS=...)
	@$(PYTHON) tools/check_models.py --jobs $(JOBS) $(ARGS)

sanitize: setup configure-asan configure-tsan ## run unit and contract tests under asan, ubsan and tsan
	@cmake --build --preset asan --parallel $(JOBS) --target unit_tests
	@$(PYTHON) tools/run_tests.py --jobs $(JOBS) --label unit asan
	@cmake --build --preset tsan --parallel $(JOBS) --target threads_tests
	@$(PYTHON) tools/run_tests.py --jobs $(JOBS) --label threads tsan

fuzz: setup configure-fuzz ## try every reader of foreign bytes with hostile ones (SECONDS=60 each)
	@cmake --build --preset fuzz --parallel $(JOBS) --target msp_fuzz
	@$(PYTHON) tests/fuzz/run.py --seconds $(SECONDS) --jobs $(JOBS) build/fuzz

format: setup ## lay out the C++ code
	@$(PYTHON) tools/check_format.py --write

docs: setup ## check that the documents speak of what exists
	@$(PYTHON) tools/check_docs.py

# Always configured anew, which takes a tenth of a second: a new folder is seen at once.
configure-%:
	@mkdir -p build
	@cmake --preset $* >build/configure-$*.log 2>&1 || { cat build/configure-$*.log; exit 1; }
