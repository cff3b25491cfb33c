#!/bin/sh
# Start of an app's image: from the variables, what the pages are told (/config.json) and what their policy allows; then
# nginx. The image's own file system stays as it is, all that is written goes to RUN_DIR.
set -eu
APP_DIR=${APP_DIR:-$(cd "$(dirname "$0")" && pwd)}
RUN_DIR=${RUN_DIR:-/tmp/app}
PORT=${PORT:-8080}

fail() {
  echo "The environment is not right: $1" >&2
  exit 1
}

# address NAME VALUE [optional]: nothing that could leave the JSON, the policy or nginx's own words
address() {
  case $2 in
  '') [ "${3:-}" = optional ] || fail "$1 is needed: an https address" ;;
  *[!A-Za-z0-9._~:/?\&#@%=+{}-]*) fail "$1 has characters that an address doesn't have" ;;
  http://?* | https://?*) ;;
  *) fail "$1 must begin with https://" ;;
  esac
}

text_or_null() {
  if [ -n "$1" ]; then printf '"%s"' "$1"; else printf null; fi
}

providers() {
  list=
  for name in $(printf %s "$1" | tr , ' '); do
    case $name in
    openai | anthropic | gemini) list="$list${list:+,}\"$name\"" ;;
    *) fail "SIMULATED_PROVIDERS: openai, anthropic, gemini, separated by commas" ;;
    esac
  done
  printf '[%s]' "$list"
}

# Origins only, as packages/contracts/src/page-headers.ts has them.
connect_sources() {
  for address in "$@"; do
    [ -z "$address" ] || printf '%s\n' "$address" | sed -E 's#^(https?://[^/]+).*#\1#; s#//.*\{tenant\}#//*#'
  done | tr '\n' ' ' | sed 's/ $//'
}

for name in PROXY_URL PROXY_ORIGINS CONVERSATIONS_URL CHAT_URL TENANT_ID SIMULATED_PROVIDERS IMPRINT_URL PRIVACY_URL; do
  eval "$name=\${$name:-}"
done
address POCKETBASE_URL "${POCKETBASE_URL:-}"
address IDENTITY_URL "${IDENTITY_URL:-}"
address BILLING_URL "${BILLING_URL:-}"
address PROXY_URL "$PROXY_URL" optional
for origin in $(printf %s "$PROXY_ORIGINS" | tr , ' '); do
  address PROXY_ORIGINS "$origin"
  further="${further:-} $origin"
done
address CONVERSATIONS_URL "$CONVERSATIONS_URL" optional
address CHAT_URL "$CHAT_URL" optional
address IMPRINT_URL "$IMPRINT_URL" optional
address PRIVACY_URL "$PRIVACY_URL" optional
case $TENANT_ID in *[!a-z0-9]*) fail "TENANT_ID: the id of the tenant's record, lower-case letters and digits" ;; esac
case $PORT in '' | *[!0-9]*) fail "PORT: a port number" ;; esac
simulated=$(providers "$SIMULATED_PROVIDERS")

mkdir -p "$RUN_DIR"
cat >"$RUN_DIR/config.json" <<JSON
{
  "pocketbaseUrl": "$POCKETBASE_URL",
  "identityUrl": "$IDENTITY_URL",
  "billingUrl": "$BILLING_URL",
  "proxyUrl": $(text_or_null "$PROXY_URL"),
  "conversationsUrl": $(text_or_null "$CONVERSATIONS_URL"),
  "chatUrl": $(text_or_null "$CHAT_URL"),
  "simulatedProviders": $simulated,
  "tenantId": $(text_or_null "$TENANT_ID"),
  "imprintUrl": $(text_or_null "$IMPRINT_URL"),
  "privacyUrl": $(text_or_null "$PRIVACY_URL")
}
JSON
# shellcheck disable=SC2086 # a list of addresses, none of which has a space
sources=$(connect_sources "$POCKETBASE_URL" "$IDENTITY_URL" "$BILLING_URL" "$PROXY_URL" "$CONVERSATIONS_URL" ${further:-})
sed -e "s|@CONNECT@|$sources|" -e "s|@PORT@|$PORT|" -e "s|@APP@|$APP_DIR|" -e "s|@RUN@|$RUN_DIR|" \
  "$APP_DIR/nginx.conf" >"$RUN_DIR/nginx.conf"
exec "${NGINX_BIN:-nginx}" -e stderr -p "$RUN_DIR" -c "$RUN_DIR/nginx.conf"
