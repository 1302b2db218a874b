FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /src
# The packages first: this layer is rebuilt only when one of these files changes.
COPY global.json Directory.Build.props Directory.Packages.props MarketsApi.csproj packages.lock.json ./
RUN dotnet restore MarketsApi.csproj --locked-mode
COPY . .
RUN dotnet publish MarketsApi.csproj --configuration Release --no-restore --output /app -p:UseAppHost=false

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app ./
# In a container the program listens on all interfaces, on PORT or 8080; the base image's own ASPNETCORE_HTTP_PORTS would only argue.
ENV DOTNET_RUNNING_IN_CONTAINER=true \
    ASPNETCORE_HTTP_PORTS=
EXPOSE 8080
# The unprivileged user that the base image brings.
USER ${APP_UID:-1654}
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["dotnet", "/app/MarketsApi.dll", "health"]
ENTRYPOINT ["dotnet", "/app/MarketsApi.dll"]
