# Two commands are enough: make run, make test. The rest is for whoever works on Kora.
SHELL := /bin/bash
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null)
export PATH := $(CURDIR)/.tools/node_modules/.bin:$(PATH)

.PHONY: run test build web check api deps clean bench bench-streets bench-tiles bench-parcels bench-siting bench-scenarios bench-land-web

## run: install what is missing, build, and serve http://127.0.0.1:8080 with the sample data
run: deps build
	@exec bin/kora serve

## test: every test there is; ends with "N passed, N failed"
test:
	@.ci/deps test
	@.ci/test

## build: the web app and bin/kora
build: web
	@echo "build: bin/kora …"
	@CGO_ENABLED=1 go build -trimpath -ldflags "-X main.version=$(VERSION)" -o bin/kora ./cmd/kora

web: web/dist/index.html

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	@echo "build: web packages …"
	@npm ci --prefix web --silent --no-fund --no-audit
	@touch $@

web/dist/index.html: web/node_modules/.package-lock.json web/index.html web/vite.config.ts web/tsconfig.json $(shell find web/src web/public web/build -type f 2>/dev/null)
	@echo "build: web app …"
	@npm run --prefix web --silent build

## check: formatting, vet, staticcheck and the house's own rules
check:
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); exit 1; }
	go vet ./...
	go tool staticcheck ./...

## api: the OpenAPI document and the types that the web app takes from it
api:
	go test ./api -run TestOpenAPIDocumentIsCurrent -update
	npm run --prefix web --silent api

## bench: Kora and its rivals on the same streets and parcels, into docs/benchmarks*.md
bench: bench-streets bench-tiles bench-parcels bench-siting bench-scenarios

bench-streets bench-tiles bench-parcels bench-siting bench-scenarios:
	@.ci/deps bench
	go run ./bench -data $(or $(BENCH_DATA),../shared/data) $(if $(PANDANA),-pandana $(PANDANA)) $(if $(MARTIN),-martin $(MARTIN)) \
		$(if $(MILLION),-million) $(patsubst bench-%,%,$@)

## bench-land-web: how soon a changed filter of /land is to be seen in Chromium, with PARCELS=20000 generated parcels
bench-land-web: web
	@go run ./bench -parcels $(or $(PARCELS),20000) land-web

deps:
	@.ci/deps run

clean:
	rm -rf bin web/node_modules .tools
	find web/dist -mindepth 1 ! -name .gitkeep -delete
