#!/bin/sh
# Of what the public image of Postgres does at its start, what the compose files use.
set -eu
bin=/usr/local/pgsql/bin
as_postgres() { setpriv --reuid postgres --regid postgres --clear-groups "$@"; }
[ -z "${POSTGRES_PASSWORD_FILE:-}" ] || POSTGRES_PASSWORD=$(cat "$POSTGRES_PASSWORD_FILE")

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  mkdir -p "$PGDATA"
  chown -R postgres:postgres "$(dirname "$PGDATA")"
  printf %s "$POSTGRES_PASSWORD" >/tmp/password
  chmod 444 /tmp/password
  as_postgres "$bin/initdb" -D "$PGDATA" -U "$POSTGRES_USER" --pwfile=/tmp/password --auth-local=trust \
    --auth-host=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8
  rm /tmp/password
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
  # On its socket only until everything is made.
  as_postgres "$bin/pg_ctl" -D "$PGDATA" -w start -o "-c listen_addresses='' -c unix_socket_directories=/tmp"
  export PGHOST=/tmp
  [ "${POSTGRES_DB:-postgres}" = postgres ] ||
    psql -U "$POSTGRES_USER" -d postgres -c "CREATE DATABASE \"$POSTGRES_DB\""
  for script in /docker-entrypoint-initdb.d/*.sh; do
    [ ! -e "$script" ] || sh "$script"
  done
  as_postgres "$bin/pg_ctl" -D "$PGDATA" -w stop
fi
exec setpriv --reuid postgres --regid postgres --clear-groups \
  "$bin/postgres" -D "$PGDATA" -c listen_addresses='*' -c unix_socket_directories=/tmp
