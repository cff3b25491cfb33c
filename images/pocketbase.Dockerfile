# docker build -f images/pocketbase.Dockerfile .
# Both bases can be replaced; needed is Go 1.25 to build, and the certificates of the public authorities to run.
ARG BUILD_IMAGE=golang:1.25-bookworm
ARG RUNTIME_IMAGE=gcr.io/distroless/static-debian12

FROM ${BUILD_IMAGE} AS build
WORKDIR /src
COPY services/pocketbase/go.mod services/pocketbase/go.sum ./
RUN go mod download
COPY services/pocketbase/*.go ./
RUN mkdir -p /out/data && CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o /out/pocketbase .

FROM ${RUNTIME_IMAGE}
WORKDIR /app
COPY --from=build /out/pocketbase /app/pocketbase
COPY services/pocketbase/pb_migrations /app/pb_migrations
COPY services/pocketbase/pb_hooks /app/pb_hooks
COPY --from=build --chown=10001:10001 /out/data /data
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
  CMD ["/app/pocketbase", "health", "127.0.0.1:8080"]
ENTRYPOINT ["/app/pocketbase", "--dev=false", "--automigrate=false", "--hooksWatch=false", "--dir=/data", "--migrationsDir=/app/pb_migrations", "--hooksDir=/app/pb_hooks"]
CMD ["serve", "--http=0.0.0.0:8080"]
