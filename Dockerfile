# The Telegram bot. The library (reports, conversations) lives in the volume /data; the token comes from the environment.
FROM python:3.11-slim-bookworm

WORKDIR /app
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY bot bot
COPY retrieval retrieval
RUN pip install --no-cache-dir -c constraints.txt .

RUN useradd --create-home --uid 1000 reportbot && mkdir /data && chown reportbot /data
USER reportbot
ENV REPORTBOT_LIBRARY=/data/library
RUN reportbot model build
VOLUME /data

# Not a shell: SIGTERM reaches the bot itself.
STOPSIGNAL SIGTERM
ENTRYPOINT ["reportbot"]
CMD ["run"]
