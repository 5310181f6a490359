# CPU image with the default model inside. Build: docker build -t visual-search .
FROM python:3.11-slim-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends g++ \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY requirements.txt ./
COPY scripts/install scripts/install
# What `scripts/install` says when hnswlib cannot be built is a hint to a person; here it is an error.
RUN python -m venv /opt/venv \
    && scripts/install /opt/venv/bin/python \
    && /opt/venv/bin/python -c "import hnswlib" \
    && /opt/venv/bin/python -m pip uninstall --yes --quiet pip setuptools \
    && find /opt/venv -type d -name tests -prune -exec rm -rf {} +

FROM python:3.11-slim-bookworm
# The library is a volume, the photos a read-only mount; both belong to the user of the container.
RUN useradd --create-home --uid 1000 search \
    && install -d -o search -g search /library /photos
WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY .streamlit .streamlit
COPY models/default models/default
COPY engine engine
COPY ui ui
COPY streamlit_app.py ./
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    ORT_DISABLE_TELEMETRY=1 \
    VISUAL_SEARCH_LIBRARY=/library
USER search
VOLUME /library
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
CMD ["python", "-m", "streamlit", "run", "streamlit_app.py", "--server.address=0.0.0.0", "--server.headless=true"]
