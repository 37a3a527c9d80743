# syntax=docker/dockerfile:1
# Two images from one build:
#   docker build --target embedded .   the program with a PostgreSQL server of its own beside it (the default)
#   docker build --target external .   the program alone, for an external server; no shell, no root

FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
RUN apt-get update && apt-get install -y --no-install-recommends fonts-liberation && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN dotnet restore src/Dispatch.Worker --locked-mode \
    && dotnet publish src/Dispatch.Worker -c Release --no-restore -o /app \
    && mkdir -p /fonts /data \
    && cp "$(dirname "$(find /usr/share/fonts -name LiberationSans-Regular.ttf | head -n 1)")"/LiberationSans-*.ttf /fonts/

# chiseled-extra, not chiseled: letters need the Danish culture (ICU) and deadlines the zone Europe/Copenhagen (tzdata).
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-extra AS external
COPY --from=build /fonts /usr/share/fonts/truetype/liberation2
COPY --from=build /app /app
COPY --from=build --chown=$APP_UID:$APP_UID /data /data
ENV DISPATCH_DATA=/data DOTNET_EnableDiagnostics=0
USER $APP_UID
VOLUME /data
ENTRYPOINT ["/app/dispatch"]

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble AS embedded
RUN mkdir -p /etc/postgresql-common && echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.conf \
    && apt-get update \
    && DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 apt-get install -y --no-install-recommends postgresql tzdata \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /fonts /usr/share/fonts/truetype/liberation2
COPY --from=build /app /app
ENV DISPATCH_DATA=/data DOTNET_EnableDiagnostics=0
VOLUME /data
ENTRYPOINT ["/app/dispatch"]
