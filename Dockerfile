# The Telegram bot. The library (reports, conversations) lives in the volume /data; the token comes from the environment.
# Whoever builds for others names the base by what `docker buildx imagetools inspect` shows of it: BASE=python@sha256:...
ARG BASE=python:3.11-slim-bookworm
FROM ${BASE}

WORKDIR /app
COPY pyproject.toml requirements.txt README.md LICENSE ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY bot bot
COPY retrieval retrieval
RUN pip install --no-cache-dir --no-deps --no-build-isolation .

RUN useradd --create-home --uid 1000 reportbot && mkdir /data && chown reportbot /data
USER reportbot
ENV REPORTBOT_LIBRARY=/data/library PYTHONDONTWRITEBYTECODE=1
RUN reportbot model build
VOLUME /data

# Not a shell: SIGTERM reaches the bot itself.
STOPSIGNAL SIGTERM
ENTRYPOINT ["reportbot"]
CMD ["run"]
