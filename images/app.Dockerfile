# admin and chat behind nginx: docker build -f images/app.Dockerfile --build-arg APP=admin .
# Both bases can be replaced; needed is Node 24 with npm to build, and nginx, sh, sed and wget to run.
ARG BUILD_IMAGE=node:24-bookworm-slim
ARG RUNTIME_IMAGE=nginx:1.29-alpine

FROM ${BUILD_IMAGE} AS build
WORKDIR /src
# What is downloaded depends on these files alone, and is kept while they stay as they are.
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
RUN npx -y pnpm@12.21.0 fetch --reporter=append-only
COPY . .
RUN npx -y pnpm@12.21.0 install --frozen-lockfile --offline --reporter=append-only
ARG APP
RUN node tools/src/images/prepare-app.ts "${APP}" /out

FROM ${RUNTIME_IMAGE}
COPY --from=build /out /app
# Written at the start to a file system in memory: nginx's configuration and /config.json.
ENV RUN_DIR=/tmp/app PORT=8080
USER 10001:10001
EXPOSE 8080
STOPSIGNAL SIGQUIT
HEALTHCHECK --interval=15s --timeout=5s --start-period=10s --retries=3 \
  CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/health"]
ENTRYPOINT ["sh", "/app/start-app.sh"]
