# The program in a container: packages, build, and a small image that runs without root. Tags are pinned; the image is
# built for the machine it is built on. Written without a container engine at hand: see docs/operations.md.

# --- the NHS stylesheet and the fonts ---------------------------------------------------------------------------------
FROM node:20.20.2-bookworm-slim AS packages
WORKDIR /build
COPY package.json package-lock.json ./
# The stamp tells build.rs that these are the packages of this lock file, so that the next stage needs no npm.
RUN npm ci --ignore-scripts --no-audit --no-fund \
 && printf %s "$(sha256sum package-lock.json | cut -d' ' -f1)" > node_modules/.iapt-pad-lock

# --- the program ------------------------------------------------------------------------------------------------------
FROM rust:1.95-bookworm AS build
WORKDIR /build
COPY Cargo.toml Cargo.lock build.rs askama.toml package.json package-lock.json locality.toml languages.toml ./
COPY --from=packages /build/node_modules node_modules
COPY migrations migrations
COPY pad_templates pad_templates
COPY triage_rules triage_rules
COPY src src
# --bin: the tests are not copied.
RUN cargo build --release --locked --bin iapt-pad

# --- what runs --------------------------------------------------------------------------------------------------------
FROM debian:12.12-slim
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin pad \
 && install -d -o pad -g pad -m 0700 /data
COPY --from=build /build/target/release/iapt-pad /usr/local/bin/iapt-pad
COPY locality.toml /etc/iapt-pad/locality.example.toml
COPY LICENSE /usr/share/doc/iapt-pad/LICENSE
USER 10001:10001
WORKDIR /data
VOLUME /data
ENV BIND=0.0.0.0:8080 LOG_FORMAT=json MALLOC_ARENA_MAX=2
EXPOSE 8080
STOPSIGNAL SIGTERM
# bash speaks HTTP well enough for this, so that the image needs no curl.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 CMD ["bash", "-c", \
  "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /health/live HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && grep -q '^alive' <&3"]
ENTRYPOINT ["iapt-pad"]
CMD ["serve"]
