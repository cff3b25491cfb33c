# billing, identity, proxy, conversations, simulator: docker build -f images/service.Dockerfile --build-arg SERVICE=billing .
# Both bases can be replaced; needed is Node 24 with npm to build, and Node 24 to run.
ARG BUILD_IMAGE=node:24-bookworm-slim
ARG RUNTIME_IMAGE=node:24-bookworm-slim

FROM ${BUILD_IMAGE} AS build
WORKDIR /src
# What is downloaded depends on these files alone, and is kept while they stay as they are.
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
RUN npx -y pnpm@12.21.0 fetch --reporter=append-only
COPY . .
RUN npx -y pnpm@12.21.0 install --frozen-lockfile --offline --reporter=append-only
ARG SERVICE
RUN node tools/src/images/bundle-service.ts "${SERVICE}" /out/app && mkdir /out/data

FROM ${RUNTIME_IMAGE}
WORKDIR /app
COPY --from=build /out/app /app
# What has to outlive the container (identity's signing keys); everything else is read only.
COPY --from=build --chown=10001:10001 /out/data /data
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080
USER 10001:10001
EXPOSE 8080
# Node takes seconds to start where a machine is busy; that is no illness.
HEALTHCHECK --interval=15s --timeout=15s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/health').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "server.js"]
