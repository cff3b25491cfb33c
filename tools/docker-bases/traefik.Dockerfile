# Context: the executable `traefik`, compiled from its Go module.
FROM cloudfreedom-try/static
COPY traefik /usr/local/bin/traefik
ENV PATH=/usr/local/bin
ENTRYPOINT ["traefik"]
