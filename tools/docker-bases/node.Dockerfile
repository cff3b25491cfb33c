# Runs Node: the executable of this repository on Debian. Context: a folder with `node`.
FROM cloudfreedom-try/debian
COPY node /usr/local/bin/node
