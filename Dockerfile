# The image of the web server, the worker, the timetable and the migrations: docs/exploitation.md says how to use it.

FROM python:3.13-slim-trixie AS base
ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1

# --- Libraries, as uv.lock has them -------------------------------------------------------------------------
FROM base AS libraries
ENV UV_PROJECT_ENVIRONMENT=/opt/venv \
    UV_PYTHON_DOWNLOADS=never \
    UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy
WORKDIR /srv/caprse
# The version of `run`.
RUN pip install --no-cache-dir --disable-pip-version-check uv==0.13.8
COPY pyproject.toml uv.lock ./
# --no-build: every library comes as a wheel, no compiler is needed.
RUN uv sync --locked --no-dev --no-build --no-cache

# --- The site -----------------------------------------------------------------------------------------------
FROM base
# Pango draws the PDFs: the packages of `run`, unpinned so that a build takes the security updates of the day.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/*
RUN groupadd --gid 10001 caprse \
    && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin caprse
COPY --from=libraries /opt/venv /opt/venv
WORKDIR /srv/caprse
COPY . .
ENV PATH=/opt/venv/bin:$PATH \
    HOME=/tmp \
    CAPRSE_MODE=production \
    CAPRSE_DATA=/data \
    PORT=8000
# Static files belong to the image; only /data/files is a volume, which takes its owner from the folder made here.
# Production settings want values: these live for this one command and open nothing.
RUN python -m compileall -q . \
    && CAPRSE_SECRET_KEY="$(python -c 'import secrets; print(secrets.token_hex(32))')" \
    CAPRSE_BASE_URL=https://build.invalid \
    CAPRSE_ALLOWED_HOSTS=build.invalid \
    CAPRSE_DATABASE_URL=postgres://build.invalid/none \
    CAPRSE_REDIS_URL=redis://build.invalid/0 \
    CAPRSE_EMAIL_URL=smtp://build.invalid \
    CAPRSE_EMAIL_FROM=none@build.invalid \
    CAPRSE_LEGAL_PUBLISHER=none \
    CAPRSE_LEGAL_DIRECTOR=none \
    CAPRSE_LEGAL_HOST=none \
    CAPRSE_LEGAL_CONTACT=none@build.invalid \
    python manage.py collectstatic --noinput --verbosity 0 \
    && mkdir /data/files \
    && chown caprse:caprse /data/files
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=15s --start-period=60s --retries=3 CMD ["python", "-m", "caprse.probe", "database", "storage"]
CMD ["gunicorn", "--config", "python:caprse.webserver", "caprse.wsgi"]
