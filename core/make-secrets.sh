#!/bin/sh
# Makes the secrets of the core in the folder `secrets` beside docker-compose.yml. Values that are there stay as they are.
set -eu
cd "$(dirname "$0")/.."
mkdir -p secrets
# Only its owner gets into the folder. The files are 644: the services read them as users of their own (10001), past the
# folder, as each is mounted by itself; and its owner can change them.
chmod 700 secrets

# write NAME VALUE
write() {
  if [ ! -s "secrets/$1" ]; then
    printf %s "$2" >"secrets/$1"
    echo "made secrets/$1"
  fi
  chmod 644 "secrets/$1"
}
random() { openssl rand -hex 24; }

for name in internal_secret billing_webhook_secret oidc_cookie_secret postgres_password billing_owner_password \
  billing_service_password identity_database_password; do
  write "$name" "$(random)"
done
write billing_owner_url "postgres://billing_owner:$(cat secrets/billing_owner_password)@core-postgres:5432/billing"
write billing_url "postgres://billing_service:$(cat secrets/billing_service_password)@core-postgres:5432/billing"
write identity_database_url "postgres://identity:$(cat secrets/identity_database_password)@core-postgres:5432/identity"
# The mail server's and those of sign-in providers: put them in yourself.
for name in smtp_password oidc_1_client_secret oidc_2_client_secret oidc_3_client_secret google_client_secret \
  microsoft_client_secret; do
  # Compose 1 makes a folder of a file that isn't there.
  [ ! -d "secrets/$name" ] || rmdir "secrets/$name"
  [ -e "secrets/$name" ] || : >"secrets/$name"
  chmod 644 "secrets/$name"
done
