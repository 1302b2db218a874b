using MarketsApi.Infrastructure.Settings;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MarketsApi.Infrastructure.Postgres;

/// <summary>PostgreSQL through Npgsql and Dapper.</summary>
internal static class DatabaseSetup
{
    public static void AddDatabase(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IValidateOptions<ConnectionStringSettings>, PostgresAddressValidator>();
        builder.AddSettings<DatabaseSettings>(DatabaseSettings.Section);
        Dapper.DefaultTypeMap.MatchNamesWithUnderscores = true;
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(DataSources.CreatePrimary);
        builder.Services.AddSingleton<ConnectionLimiter>();
        builder.Services.AddSingleton<WriteBatcher>();
        builder.Services.AddSingleton(Create);
        builder.Services.AddKeyedSingleton(
            Database.ForJobs,
            (services, _) => services.GetRequiredService<Database>().For(ConnectionUse.OfJobs)
        );
        builder.Services.AddSingleton<ReadReplicaMetrics>();
        builder.Services.AddSingleton<WalPosition>();
        builder.Services.AddSingleton(services => new ReadReplica(
            DataSources.CreateReader(services),
            services.GetRequiredService<WalPosition>(),
            services.GetRequiredService<DatabaseReadiness>(),
            services.GetRequiredService<DatabaseSettings>(),
            services.GetRequiredService<ReadReplicaMetrics>(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILoggerFactory>()
        ));
        builder.Services.AddHostedService(services => services.GetRequiredService<ReadReplica>());
        builder.Services.AddSingleton(services => new DatabaseReader(
            services.GetRequiredService<Database>(),
            services.GetRequiredService<ReadReplica>(),
            services.GetRequiredService<DatabaseSettings>()
        ));
        builder.Services.AddExceptionHandler<DatabaseExceptionHandler>();
        builder.Services.AddSingleton<Migrator>();
        builder.Services.AddSingleton<DatabaseReadiness>();
        builder.Services.AddHostedService<DatabaseStartup>();
    }

    /// <summary>Returns 503 to API requests until the database has its tables; goes right in front of the endpoints.</summary>
    public static void UseDatabaseReadiness(this WebApplication app)
    {
        var readiness = app.Services.GetRequiredService<DatabaseReadiness>();
        app.Use(
            (context, next) =>
                readiness.IsReady
                || !context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
                    ? next(context)
                    : DatabaseReadiness.NotYet.ExecuteAsync(context)
        );
    }

    private static Database Create(IServiceProvider services) =>
        new(
            services.GetRequiredService<NpgsqlDataSource>(),
            services.GetRequiredService<ConnectionLimiter>(),
            services.GetRequiredService<WriteBatcher>(),
            services.GetRequiredService<DatabaseSettings>(),
            ConnectionUse.OfProgram
        );
}
