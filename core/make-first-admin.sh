#!/bin/sh
# Makes the superuser of PocketBase (for emergencies) and the first platform admin, with a tenant of the operator's own.
# Use, beside docker-compose.yml:  API_URL=https://api.example.com core/make-first-admin.sh you@example.com
# Run again, after a failure or where a password was lost: what is there is used, and both passwords are new ones.
# COMPOSE replaces `docker compose`, CURL_OPTIONS reach curl.
set -eu
cd "$(dirname "$0")/.."
email=${1:?the e-mail address of the first admin}
api=${API_URL:?https://api. and your domain}
compose=${COMPOSE:-docker compose}
superuser="superuser@${email#*@}"
superuser_password=$(openssl rand -hex 20)
password=$(openssl rand -hex 12)
newline='
'

stop() {
  echo "$1" >&2
  exit 1
}

# ask METHOD PATH [options of curl]: the text of what is answered, in $answer. A refusal ends the script with what was said.
ask() {
  method=$1 path=$2
  shift 2
  # shellcheck disable=SC2086
  answer=$(curl -sS ${CURL_OPTIONS:-} -X "$method" -w '\n%{http_code}' -H 'content-type: application/json' \
    -H "authorization: ${token:-}" "$@" "$api/api/collections/$path") ||
    stop "$method $path: no answer. Run this again, it goes on with what is there."
  case ${answer##*"$newline"} in
  2??) answer=${answer%"$newline"*} ;;
  *) stop "$method $path was refused: $answer${newline}Run this again, it goes on with what is there." ;;
  esac
}

value_of() { printf %s "$answer" | sed -n "s/.*\"$1\":\"\\([^\"]*\\)\".*/\\1/p"; }

# find COLLECTION FILTER: its id in $id, empty where there is none
find() {
  ask GET "$1/records" -G --data-urlencode "filter=$2" -d 'fields=id,role' -d perPage=1
  id=$(value_of id)
}

# make COLLECTION JSON: its id in $id
make() {
  ask POST "$1/records?fields=id" -d "$2"
  id=$(value_of id)
}

case $email in
*[!A-Za-z0-9.@_+-]* | *@*@*) stop "$email: an e-mail address of letters, digits and . _ + -" ;;
?*@?*) ;;
*) stop "$email is no e-mail address" ;;
esac

said=$($compose --env-file core.env exec -T pocketbase /app/pocketbase --dir=/data --migrationsDir=/app/pb_migrations \
  --hooksDir=/app/pb_hooks superuser upsert -- "$superuser" "$superuser_password" 2>&1) || true
case $said in
*'Successfully saved'*) ;;
*) stop "PocketBase could not make its superuser: is it running? It said: $said" ;;
esac
# At once: whatever fails from here on, this one has its new password.
echo "Superuser:       $superuser  $superuser_password   (keep it where you keep what is for emergencies)"

ask POST _superusers/auth-with-password -d "{\"identity\":\"$superuser\",\"password\":\"$superuser_password\"}"
token=$(value_of token)

find tenants "slug='operator'"
[ -n "$id" ] || make tenants '{"slug":"operator","name":"Operator","type":"internal","status":"active","time_zone":"Europe/Berlin","locale":"de","markup_percent":"0"}'
tenant=$id
find products "name='Operator'"
[ -n "$id" ] || make products '{"name":"Operator","monthly_budget_eur":"20","requests_per_minute":60,"tokens_per_minute":0,"parallel_requests":5,"output_cap_tokens":4096}'
product=$id
find users "email:lower='$(printf %s "$email" | tr '[:upper:]' '[:lower:]')'"
new_password="\"password\":\"$password\",\"passwordConfirm\":\"$password\",\"verified\":true"
if [ -z "$id" ]; then
  make users "{\"email\":\"$email\",$new_password,\"emailVisibility\":true,\"name\":\"Platform admin\",\"kind\":\"person\",\"status\":\"active\",\"locale\":\"de\",\"role\":\"platform_admin\",\"tenant\":\"$tenant\",\"product\":\"$product\"}"
elif [ "$(value_of role)" = platform_admin ]; then
  ask PATCH "users/records/$id" -d "{$new_password}"
else
  stop "$email has an account that is no platform admin's: take another address."
fi

cat <<TEXT
Platform admin:  $email  $password
Sign in at the portal and change this first password.
TEXT
