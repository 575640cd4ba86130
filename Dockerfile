FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
# What changes rarely comes first, so that a change of code does not install everything again.
COPY requirements/ requirements/
RUN python -m venv /opt/build \
    && /opt/build/bin/pip install --require-hashes -r requirements/build.txt \
    && python -m venv /opt/hub \
    && /opt/hub/bin/pip install --require-hashes -r requirements/runtime.txt
COPY pyproject.toml README.md ./
COPY hub/ hub/
COPY plugins/ plugins/
RUN /opt/build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /dist . \
    && /opt/hub/bin/pip install --no-deps --no-index /dist/*.whl

FROM python:3.13-slim
ENV PATH=/opt/hub/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 HUB_DATA_DIR=/srv/hub/var
RUN useradd --uid 10001 --create-home --home-dir /srv/hub --shell /usr/sbin/nologin hub
COPY --from=build /opt/hub /opt/hub
# /srv/hub/config is the operator's folder (mount it), /srv/hub/var holds what the hub writes (a volume).
WORKDIR /srv/hub
RUN install --directory --owner=hub --group=hub config var
USER hub
VOLUME /srv/hub/var
# Of `hub serve`: whether it ticks. Another port in serve.listen needs another one here.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "-c", "import http.client as h, sys; c = h.HTTPConnection('127.0.0.1', 8460, timeout=4); c.request('GET', '/healthz'); sys.exit(c.getresponse().status != 200)"]
ENTRYPOINT ["hub"]
CMD ["serve"]
