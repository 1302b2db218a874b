using MarketsApi.Infrastructure.Settings;
using Npgsql;

namespace MarketsApi.Infrastructure.Database;

/// <summary>PostgreSQL through Npgsql and Dapper.</summary>
internal static class DatabaseSetup
{
    /// <summary>
    /// What each connection sets for itself. Generic plans, since every statement here has the right one and planning it anew costs as
    /// much as running it; index reads priced for solid-state disks; no just-in-time compilation, which costs more than these queries.
    /// </summary>
    private const string SessionOptions = "-c plan_cache_mode=force_generic_plan -c random_page_cost=1.1 -c jit=off";

    public static void AddDatabase(this WebApplicationBuilder builder)
    {
        builder.AddSettings<ConnectionStringSettings>();
        builder.AddSettings<DatabaseSettings>();
        Dapper.DefaultTypeMap.MatchNamesWithUnderscores = true;
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(CreateSource);
        builder.Services.AddSingleton<ConnectionGate>();
        builder.Services.AddSingleton(services => new Database(
            services.GetRequiredService<NpgsqlDataSource>(),
            services.GetRequiredService<ConnectionGate>(),
            services.GetRequiredService<DatabaseSettings>()
        ));
        builder.Services.AddSingleton<Migrator>();
        builder.Services.AddSingleton<DatabaseReadiness>();
        builder.Services.AddHostedService<DatabaseStartup>();
    }

    /// <summary>Answers 503 to API requests until the database has its tables; goes behind routing.</summary>
    public static void UseDatabaseReadiness(this WebApplication app)
    {
        var readiness = app.Services.GetRequiredService<DatabaseReadiness>();
        app.Use(
            (context, next) =>
                readiness.IsReady || !context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
                    ? next(context)
                    : DatabaseReadiness.NotYet.ExecuteAsync(context)
        );
    }

    private static NpgsqlDataSource CreateSource(IServiceProvider services)
    {
        var settings = services.GetRequiredService<DatabaseSettings>();
        var address = PostgresAddress.Parse(services.GetRequiredService<ConnectionStringSettings>().Postgres!);
        var given = new HashSet<string>(address.Keys.Cast<string>(), StringComparer.OrdinalIgnoreCase);
        SetUnlessGiven("Application Name", "MarketsApi");
        SetUnlessGiven("Maximum Pool Size", settings.MaxConnections);
        SetUnlessGiven("Timeout", 5);
        SetUnlessGiven("Command Timeout", settings.CommandTimeoutSeconds);
        SetUnlessGiven("Max Auto Prepare", 200);
        SetUnlessGiven("Auto Prepare Min Usages", 2);
        // Nothing here leaves a connection changed, and resetting it is seven statements before each one of ours.
        SetUnlessGiven("No Reset On Close", true);
        SetUnlessGiven("Options", SessionOptions);
        // Encryption by Kerberos is for those who ask for it: looking for it costs each new connection, and its libraries a megabyte.
        SetUnlessGiven("GSS Encryption Mode", "Disable");

        var source = new NpgsqlDataSourceBuilder(address.ConnectionString);
        source.UseLoggerFactory(services.GetRequiredService<ILoggerFactory>());
        // Metrics and spans would otherwise carry the whole connection string as the pool's name.
        source.Name = "postgres";
        source.ConfigureTracing(tracing =>
            tracing
                .ConfigureCommandSpanNameProvider(command => QuerySummary.Of(command.CommandText))
                .EnableFirstResponseEvent(false)
        );
        return source.Build();

        void SetUnlessGiven(string keyword, object value)
        {
            if (!given.Contains(keyword))
            {
                address[keyword] = value;
            }
        }
    }
}
