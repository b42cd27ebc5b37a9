# Gongjian (共建). The two commands that matter:
#   make run    build everything and start on 127.0.0.1:8080 with the sample province
#   make test   install what the tests lack and run all of them
# The longer steps stand in script/, each with a comment that says what it does.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# Two targets at once would fight over two cores and mix their output.
.NOTPARALLEL:

# The program, its tests and its checks are compiled alike, so that each package is
# compiled once: pure Go, without the build machine's paths. Go asks git for the
# revision; where git is absent or refuses (a clone of another user's), the program
# is built without it.
export CGO_ENABLED := 0
export GOFLAGS := $(strip $(GOFLAGS) -trimpath $(if $(shell git rev-parse HEAD 2>/dev/null),,-buildvcs=false))

ASSETS := internal/web/asset/dist/.built
# tabler.css is made on the way, from node_modules.
ASSET_SOURCES := $(shell find internal/web/asset/src internal/web/asset/prune -type f ! -name tabler.css 2>/dev/null)

.PHONY: help run build assets generate unit test soak check score bench third-party clean

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

run: build ## build, load the sample province on the first start, serve (GONGJIAN_ADDR, GONGJIAN_DB)
	exec bin/gongjian serve --sample

build: assets ## leave the program in bin/gongjian
	@script/need go
	go build -o bin/gongjian ./cmd/gongjian

assets: $(ASSETS) ## bundle the pages' styles and scripts

node_modules/.package-lock.json: package.json package-lock.json
	@script/need node npm
	npm ci --ignore-scripts --no-audit --no-fund

$(ASSETS): $(ASSET_SOURCES) node_modules/.package-lock.json script/assets
	script/assets
	@touch $@

generate: node_modules/.package-lock.json ## make the committed generated files anew
	script/generate

unit: assets ## the quick round: no PostgreSQL, no browser, no LibreOffice, no scenarios
	SKIP_POSTGRES=1 SKIP_BROWSER=1 SKIP_OFFICE=1 script/go-test -short ./cmd/... ./internal/... ./script/...

test: build ## all tests (SKIP_POSTGRES=1, SKIP_BROWSER=1 and SKIP_OFFICE=1 leave those out)
	script/install-for-tests
	script/postgres-for-tests script/go-test -timeout 25m ./...

# Every run in it ends by itself: kills, loads of ten minutes, every hostile value.
soak: build ## the long rounds of the tests of faults, load and hostile input (an hour and more)
	script/install-for-tests
	SOAK=1 script/postgres-for-tests script/go-test -timeout 3h -p 1 ./scenarios/... ./internal/web

check: node_modules/.package-lock.json ## formatting, vet, staticcheck, fresh files, modules, house rules, docs
	script/check

score: build ## measure the importer on the office documents in CASES
	script/score

bench: build ## measure what a promise stands behind, with its ceiling (bench.json); BENCH_TASKS=60000 for one size, BENCH_PROFILES=folder for profiles
	BENCH_PROGRAM=bin/gongjian script/postgres-for-bench go run ./script/bench

third-party: node_modules/.package-lock.json ## write THIRD_PARTY.md anew
	script/third-party >THIRD_PARTY.md.new
	mv THIRD_PARTY.md.new THIRD_PARTY.md

clean: ## remove what make made; data/ stays
	rm -rf bin node_modules internal/web/asset/src/tabler.css
	find internal/web/asset/dist internal/folio/font -type f ! -name .keep -delete
