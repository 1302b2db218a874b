using MarketsApi.Features.CheckHealth;
using MarketsApi.Features.Shared.Markets;
using MarketsApi.Features.Shared.Search;
using MarketsApi.Infrastructure.Caching;
using MarketsApi.Infrastructure.CommandLine;
using MarketsApi.Infrastructure.Embeddings;
using MarketsApi.Infrastructure.Health;
using MarketsApi.Infrastructure.Http.Server;
using MarketsApi.Infrastructure.Idempotency;
using MarketsApi.Infrastructure.Jobs;
using MarketsApi.Infrastructure.Observability;
using MarketsApi.Infrastructure.OpenApi;
using MarketsApi.Infrastructure.Settings;

try
{
    await CheckHealthCommand.ExitIfAskedForAsync(args);
    var builder = ProgramFolder.CreateBuilder(args);
    builder.AddObservability();
    builder.AddHttp();
    builder.AddErrors();
    builder.AddAuth();
    builder.AddRateLimiting();
    builder.AddValidation();
    builder.AddDatabase();
    builder.AddCaching();
    builder.AddIdempotency();
    builder.AddJobs();
    builder.AddEmbeddings();
    builder.AddSearch();
    builder.AddHealth();
    builder.AddOpenApiDocument(MarketsDescription.Api);
    builder.AddCommandLine();
    builder.Services.AddCarter(new(typeof(Program).Assembly), carter => carter.WithEmptyValidators());

    await using var app = builder.Build();
    app.UseRequestLog();
    app.UseResponseDefaults();
    app.UseResponseCompression();
    app.UseExceptionHandler();
    app.UseStatusCodePages();
    app.UseForwardedHeaders();
    app.UseRouting();
    app.UseCors();
    app.UseAuthentication();
    app.UseRateLimiting();
    app.UseResponseCache();
    app.UseRequestTimeouts();
    app.UseAuthorization();
    app.UseDatabaseReadiness();

    app.MapSlices().MapCarter();
    app.MapHealth();
    app.MapOpenApiDocument();
    return await app.RunVerbAsync(args);
}
catch (Exception exception) when (StartErrors.Explain(exception) is { } sentences)
{
    return await StartErrors.WriteAsync(sentences);
}
