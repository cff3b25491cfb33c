#!/bin/sh
# Makes Docker's compose plugin from its Go module, for a machine whose packages have Compose 1 alone: some ten minutes of two
# cores. It goes where Docker looks for plugins of this user.
set -eu
module=github.com/docker/compose/v2@v2.40.3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp -r "$(go mod download -json "$module" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')/." "$folder"
chmod -R u+w "$folder"
cd "$folder"
plugins=${DOCKER_CONFIG:-$HOME/.docker}/cli-plugins
mkdir -p "$plugins"
CGO_ENABLED=0 go build -mod=mod -trimpath -ldflags "-s -w -X github.com/docker/compose/v2/internal.Version=${module#*@}" \
  -o "$plugins/docker-compose" ./cmd
docker compose version
