#!/bin/sh
# Makes the superuser of PocketBase (for emergencies) and the first platform admin, with a tenant of the operator's own.
# Use, beside docker-compose.yml:  API_URL=https://api.example.com core/make-first-admin.sh you@example.com
# The passwords are made here and shown once. COMPOSE replaces `docker compose`, CURL_OPTIONS reach curl.
set -eu
cd "$(dirname "$0")/.."
email=${1:?the e-mail address of the first admin}
api=${API_URL:?https://api. and your domain}
compose=${COMPOSE:-docker compose}
superuser="superuser@${email#*@}"
superuser_password=$(openssl rand -hex 20)
password=$(openssl rand -hex 12)

$compose --env-file core.env exec -T pocketbase /app/pocketbase --dir=/data --migrationsDir=/app/pb_migrations \
  --hooksDir=/app/pb_hooks superuser upsert -- "$superuser" "$superuser_password" | grep -q 'Successfully saved' ||
  { echo "PocketBase could not make its superuser: is it running?" >&2; exit 1; }

# call PATH JSON: the answer's text; a refusal ends the script with what was said
call() {
  # shellcheck disable=SC2086
  answer=$(curl -sS ${CURL_OPTIONS:-} -w '\n%{http_code}' -H 'content-type: application/json' -H "authorization: ${token:-}" \
    -d "$2" "$api/api/collections/$1")
  case $(printf %s "$answer" | tail -n 1) in
  2*) printf %s "$answer" ;;
  *) printf 'POST %s: %s\n' "$1" "$answer" >&2; exit 1 ;;
  esac
}
id_of() { sed -n 's/.*"id":"\([a-z0-9]*\)".*/\1/p'; }

token=$(call _superusers/auth-with-password "{\"identity\":\"$superuser\",\"password\":\"$superuser_password\"}" |
  sed -n 's/.*"token":"\([^"]*\)".*/\1/p')
tenant=$(call tenants/records '{"slug":"operator","name":"Operator","type":"internal","status":"active","time_zone":"Europe/Berlin","locale":"de","markup_percent":"0"}' | id_of)
product=$(call products/records '{"name":"Operator","monthly_budget_eur":"20","requests_per_minute":60,"tokens_per_minute":0,"parallel_requests":5,"output_cap_tokens":4096}' | id_of)
call users/records "{\"email\":\"$email\",\"password\":\"$password\",\"passwordConfirm\":\"$password\",\"emailVisibility\":true,\"verified\":true,\"name\":\"Platform admin\",\"kind\":\"person\",\"status\":\"active\",\"locale\":\"de\",\"role\":\"platform_admin\",\"tenant\":\"$tenant\",\"product\":\"$product\"}" >/dev/null

cat <<TEXT
Platform admin:  $email  $password
Superuser:       $superuser  $superuser_password   (keep it where you keep what is for emergencies)
Sign in at the portal and change the first password.
TEXT
