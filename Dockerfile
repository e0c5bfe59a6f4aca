# Two stages: the first makes the package and a virtual environment from the hash-pinned locks, the second is what runs.
# A config.toml in /data is read where it is; `docker run … keys new` prints a key for the vault.
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/bot && python -m venv /opt/build
COPY requirements-image.lock requirements-build.lock ./
RUN /opt/bot/bin/pip install --no-deps --require-hashes -r requirements-image.lock \
 && /opt/bot/bin/pip check \
 && /opt/build/bin/pip install --no-deps --require-hashes -r requirements-build.lock
COPY pyproject.toml README.md LICENSE config.example.toml ./
COPY docs/admin/apply.md ./docs/admin/apply.md
COPY bot ./bot
COPY adapters ./adapters
# The version to say: no git is here to ask. Left out, it is 0.0.0.
ARG VERSION=
RUN SETUPTOOLS_SCM_PRETEND_VERSION="$VERSION" /opt/build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /tmp/wheels . \
 && /opt/bot/bin/pip install --no-deps --no-index /tmp/wheels/*.whl

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin bot \
 && install -d -o bot -g bot -m 0700 /data
COPY --from=build /opt/bot /opt/bot
COPY deploy/image/defaults.toml /opt/bot/defaults.toml
# Settings of the image itself stand in a file below everything else: as variables they would overrule config.toml.
ENV PATH=/opt/bot/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    XQUIK_BOT_DEFAULTS=/opt/bot/defaults.toml
USER bot
WORKDIR /data
VOLUME /data
EXPOSE 8080
# The root file system may be read-only: everything written goes to /data (and /tmp, a tmpfs).
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["xquik-bot", "alive"]
ENTRYPOINT ["xquik-bot"]
CMD ["run"]
