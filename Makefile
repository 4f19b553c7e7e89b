# Everything a newcomer needs. `make help` lists the targets.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
# No browser is ever downloaded: the browser tests use the system's own Chromium.
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD := 1
# What the web apps are built from; a change in any of these rebuilds them.
WEB := $(shell find web \( -name node_modules -o -path web/dist -o -path web/sdk/dist -o -path web/e2e -o -name '*.go' -o -name '*.test.ts' -o -name '*.test.tsx' \) -prune -o -type f -print)

.PHONY: run
run: build ## Build, start at 127.0.0.1:8080 on SQLite in ./data (ARGS="--listen …" adds flags)
	@exec bin/madoguchi serve $(ARGS)

.PHONY: build
build: toolchain web/dist/.built ## Build the web apps and the one binary, bin/madoguchi
	@go build -trimpath -buildvcs=false -ldflags "-s -w -X main.version=$(VERSION)" -o bin/madoguchi ./cmd/madoguchi

.PHONY: test
test: ## Run everything: installs what it may, starts its own PostgreSQL; exit 0 only if all passed
	@scripts/test

.PHONY: soak
soak: build ## Run the long faults (kills, power cuts, frozen databases) every guard taken out in turn, and long fuzzing; takes about an hour
	@scripts/soak

.PHONY: bench
bench: build ## Measure, print and save the figures of README.md beside this machine's own limits
	@scripts/with-postgres --durable go run ./bench $(ARGS)

.PHONY: dev
dev: toolchain web/node_modules/.installed ## Hot reload on both sides with demo data: web apps at 127.0.0.1:5173
	@exec node scripts/dev.mjs

.PHONY: api-types
api-types: web/node_modules/.installed ## Generate the front end's types from the API's OpenAPI document
	@go run ./cmd/madoguchi openapi > web/api/openapi.json.new
	@mv web/api/openapi.json.new web/api/openapi.json
	@cd web && npm run --silent generate -w api

.PHONY: spec
spec: ## Check the connectors against their providers' published API descriptions (SPECS=folder)
	@scripts/spec "$${SPECS:-../shared/providers/specs}"

.PHONY: clean
clean: ## Remove what `make build` made (never ./data)
	@rm -rf bin web/sdk/dist web/node_modules
	@find web/dist -mindepth 1 ! -name .gitkeep -delete

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: toolchain
toolchain:
	@scripts/toolchain

web/node_modules/.installed: web/package-lock.json | toolchain
	@scripts/npm-install

web/dist/.built: $(WEB) web/node_modules/.installed
	@echo "building the web apps"
	@cd web && npm run --silent build
	@touch $@
