FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /src
# The packages first: these layers are made anew only when one of these files changes. First what the lock file holds, then what compiling
# ahead takes, for the processor that this is built on: a lock file that named processors would have every build bring all of them.
COPY global.json Directory.Build.props Directory.Build.targets Directory.Packages.props MarketsApi.csproj packages.lock.json ./
COPY models/MakeModel/MakeModel.csproj models/MakeModel/packages.lock.json models/MakeModel/
RUN dotnet restore MarketsApi.csproj --locked-mode
RUN dotnet restore MarketsApi.csproj --use-current-runtime -p:PublishReadyToRun=true
COPY . .
RUN dotnet publish MarketsApi.csproj --no-restore --use-current-runtime --self-contained false --configuration Release \
    -p:PublishReadyToRun=true -p:UseAppHost=false --output /app

# Without a shell and a package manager; -extra brings ICU, which names are normalized with.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-extra
LABEL org.opencontainers.image.title="MarketsApi" \
      org.opencontainers.image.description="A prediction-markets backend: HTTP API on PostgreSQL and Redis" \
      org.opencontainers.image.licenses="MIT"
WORKDIR /app
COPY --from=build /app ./
# In a container the program listens on all interfaces, on PORT or 8080; the base image's own ASPNETCORE_HTTP_PORTS would only argue.
# Asked to stop, it serves for five more seconds, until load balancers stop sending requests. The root file system can be read-only:
# nothing is written to it, and without the diagnostics' socket nothing to /tmp either. Two arenas of malloc instead of eight per core: what
# isn't .NET's own memory is a compiler's and OpenSSL's, and each arena keeps what it once needed.
ENV DOTNET_RUNNING_IN_CONTAINER=true \
    DOTNET_EnableDiagnostics=0 \
    MALLOC_ARENA_MAX=2 \
    ASPNETCORE_HTTP_PORTS= \
    Shutdown__DrainSeconds=5
EXPOSE 8080
# The unprivileged user that the base image brings, by number: a cluster can only tell from a number that it is not root.
USER 1654
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["dotnet", "/app/MarketsApi.dll", "health"]
ENTRYPOINT ["dotnet", "/app/MarketsApi.dll"]
