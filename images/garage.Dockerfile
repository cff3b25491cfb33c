# Garage, an S3 for one tenant, with its configuration: docker build -f images/garage.Dockerfile .
# Both bases can be replaced; needed is mkdir to build, and /garage (2.3 or newer) to run.
ARG BUILD_IMAGE=node:24-bookworm-slim
ARG RUNTIME_IMAGE=dxflrs/garage:v2.4.1

FROM ${BUILD_IMAGE} AS build
RUN mkdir -p /out/data/meta /out/data/blocks

FROM ${RUNTIME_IMAGE}
COPY images/garage/garage.toml /etc/garage.toml
COPY --from=build --chown=10001:10001 /out/data /data
USER 10001:10001
EXPOSE 3900
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["/garage", "status"]
ENTRYPOINT ["/garage"]
CMD ["server", "--single-node", "--default-bucket"]
