#!/bin/sh
# Makes the base cloudfreedom-try/traefik, or with the path of a file the executable alone, compiled from Traefik's Go module:
# eight minutes on two cores that do nothing else. Left out is what the compose files don't use and a Go proxy may not have: the
# kits of the DNS providers, an empty module for extensions, the newest state of a fork.
set -eu
module=github.com/traefik/traefik/v3@v3.7.13
folder_of() { go mod download -json "$1" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p'; }
executable=${1:+$(realpath "$1")}
docker_file=$(cd "$(dirname "$0")" && pwd)/traefik.Dockerfile
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/source" "$folder/context"
cd "$folder/source"
cp -r "$(folder_of "$module")/." .
chmod -R u+w .

mkdir -p pkg/config/dynamic/ext
printf 'module github.com/traefik/traefik/dynamic/ext\n\ngo 1.24\n' >pkg/config/dynamic/ext/go.mod
printf 'package ext\n\ntype HTTP struct{}\n\ntype Router struct{}\n' >pkg/config/dynamic/ext/ext.go

lego=$(sed -n 's/^\t\(github.com\/go-acme\/lego\/v5\) \(v[^ ]*\).*/\1@\2/p' go.mod)
cp -r "$(folder_of "$lego")" lego
chmod -R u+w lego
cat >lego/providers/dns/zz_gen_dns_providers.go <<'GO'
package dns

import (
	"errors"

	"github.com/go-acme/lego/v5/challenge"
)

func NewDNSChallengeProviderByName(name string) (challenge.Provider, error) {
	return nil, errors.New("this build has no DNS providers")
}
GO

go mod edit -replace github.com/go-acme/lego/v5=./lego \
  -replace github.com/abbot/go-http-auth=github.com/containous/go-http-auth@v0.4.1-0.20200324110947-a37a7636d23e
CGO_ENABLED=0 go build -mod=mod -trimpath -ldflags '-s -w' -o ../context/traefik ./cmd/traefik
if [ -n "$executable" ]; then
  cp ../context/traefik "$executable"
  exit
fi
docker build -q -t cloudfreedom-try/traefik -f "$docker_file" ../context
