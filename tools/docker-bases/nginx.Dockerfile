FROM cloudfreedom-try/debian
RUN apt-get update -q && apt-get install -y -q --no-install-recommends nginx-light wget && rm -rf /var/lib/apt/lists/*
