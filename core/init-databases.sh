#!/bin/sh
# Run by Postgres when its data folder is made: a database and an owner for billing and identity each. Billing's own role,
# which can't change what is posted, is made by billing.
set -eu
secret() { cat "/run/secrets/$1"; }
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
  -v billing="$(secret billing_owner_password)" -v identity="$(secret identity_database_password)" <<'SQL'
CREATE ROLE billing_owner LOGIN CREATEROLE PASSWORD :'billing';
CREATE DATABASE billing OWNER billing_owner;
CREATE ROLE identity LOGIN PASSWORD :'identity';
CREATE DATABASE identity OWNER identity;
SQL
