# syntax=docker/dockerfile:1

# The web app.
FROM node:22.23.3-bookworm-slim AS web
WORKDIR /src/web
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN npm ci --no-fund --no-audit
COPY web ./
RUN npm run build

# The program. H3 is C, so it is linked against the C library of the last stage's Debian.
FROM golang:1.26.8-bookworm AS program
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=web /src/web/dist ./web/dist
ARG VERSION=container
RUN CGO_ENABLED=1 go build -trimpath -buildvcs=false -ldflags "-s -w -buildid= -X main.version=${VERSION}" -o /kora ./cmd/kora

# GDAL's programs read layers (Shapefile, GeoPackage, KML, DXF, FileGDB) and write some exports.
FROM debian:12.11-slim
RUN apt-get update && apt-get install --yes --no-install-recommends gdal-bin && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /var/lib/kora --create-home kora \
    && install --directory --owner=kora --mode=0700 /var/lib/kora-keys
COPY --from=program /kora /usr/local/bin/kora
COPY LICENSE NOTICE /usr/share/doc/kora/
USER 10001
VOLUME /var/lib/kora /var/lib/kora-keys
ENV KORA_LISTEN=0.0.0.0:8080 KORA_DATA=/var/lib/kora
EXPOSE 8080
ENTRYPOINT ["kora"]
CMD ["serve"]
