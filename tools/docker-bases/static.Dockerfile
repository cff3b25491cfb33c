# Runs a static executable: nothing but the certificates of the public authorities.
FROM cloudfreedom-try/debian AS debian
FROM scratch
COPY --from=debian /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
