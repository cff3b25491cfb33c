# Builds Go. Context: this machine's Go.
FROM cloudfreedom-try/debian
COPY . /usr/local/go
ENV PATH=/usr/local/go/bin:/usr/local/bin:/usr/bin:/bin GOTOOLCHAIN=local
