using System.Globalization;
using Dapper;
using MarketsApi.Infrastructure.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace MarketsApi.Tests.Support;

/// <summary>A database of its own on the test server, cloned from one that has been migrated once.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private static readonly SemaphoreSlim Gate = new(1);
    private static readonly string Run = $"t{Environment.ProcessId}_{Guid.NewGuid().ToString("N")[..8]}";
    private static bool _hasTemplate;
    private static int _count;

    private readonly string _name;
    private readonly NpgsqlDataSource _source;
    private readonly string _own;

    private TestDatabase(string name)
    {
        _name = name;
        ConnectionString = Pooled(For(name));
        _own = new NpgsqlConnectionStringBuilder(ConnectionString)
        {
            ApplicationName = "tests",
            Options = DataSources.SessionOptions,
        }.ConnectionString;
        // A new connection costs the server thirty milliseconds on a machine such as CI's.
        _source = NpgsqlDataSource.Create(_own);
    }

    /// <summary>A condition on <c>pg_stat_activity</c>: connections to this database but the tests' own.</summary>
    public const string IsOfProgram = "datname = current_database() AND application_name <> 'tests'";

    /// <summary>Where it is, for the program under test.</summary>
    public string ConnectionString { get; }

    /// <summary>The server's address, as <c>./test</c> gives it.</summary>
    public static string Server =>
        Environment.GetEnvironmentVariable("TEST_POSTGRES")
        ?? throw new InvalidOperationException(
            "TEST_POSTGRES is not set: run the tests by ./test, which starts the servers that they need."
        );

    /// <summary>A fresh database with all tables, or with none.</summary>
    public static async Task<TestDatabase> CreateAsync(bool migrated = true)
    {
        var name = $"{Run}_{Interlocked.Increment(ref _count)}";
        if (migrated)
        {
            await EnsureTemplateAsync();
            await ServerAsync($"CREATE DATABASE {name} TEMPLATE {Run} STRATEGY FILE_COPY");
        }
        else
        {
            await ServerAsync($"CREATE DATABASE {name}");
        }

        return new TestDatabase(name);
    }

    /// <summary>Runs SQL against it, beside the program.</summary>
    public async Task<int> ExecuteAsync(string sql, object? parameters = null)
    {
        await using var connection = _source.CreateConnection();
        return await connection.ExecuteAsync(sql, parameters, commandTimeout: 120);
    }

    /// <summary>Reads from it, beside the program.</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = _source.CreateConnection();
        return (await connection.QueryAsync<T>(sql, parameters, commandTimeout: 120)).AsList();
    }

    /// <summary>An open connection of its own, which ends when it is closed.</summary>
    public async Task<NpgsqlConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection(_own + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>The same on a connection of the server's own, past any PgBouncer.</summary>
    public async Task<IReadOnlyList<T>> QueryDirectlyAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(For(_name) + ";Pooling=false");
        return (await connection.QueryAsync<T>(sql, commandTimeout: 120)).AsList();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await ServerAsync($"DROP DATABASE {_name} WITH (FORCE)");
    }

    /// <summary>Drops the database that the others are cloned from, at the end of a run.</summary>
    internal static Task DropTemplateAsync() => ServerAsync($"DROP DATABASE IF EXISTS {Run} WITH (FORCE)");

    private static async Task EnsureTemplateAsync()
    {
        await Gate.WaitAsync();
        try
        {
            if (!_hasTemplate)
            {
                await ServerAsync($"CREATE DATABASE {Run}");
                await using var source = NpgsqlDataSource.Create(For(Run));
                await new Migrator(source, NullLogger<Migrator>.Instance).MigrateAsync(CancellationToken.None);
                _hasTemplate = true;
            }
        }
        finally
        {
            Gate.Release();
        }
    }

    private static async Task ServerAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Server);
        await connection.ExecuteAsync(sql);
    }

    /// <summary>By way of the PgBouncer that <c>TEST_PGBOUNCER</c> names, as docs/operations.md says; or as it is.</summary>
    private static string Pooled(string address) =>
        Environment.GetEnvironmentVariable("TEST_PGBOUNCER")?.Split(':') is [var host, var port]
            ? new NpgsqlConnectionStringBuilder(address)
            {
                Host = host,
                Port = int.Parse(port, CultureInfo.InvariantCulture),
            }.ConnectionString + ";Max Auto Prepare=0"
            : address;

    private static string For(string name) =>
        new NpgsqlConnectionStringBuilder(Server) { Database = name }.ConnectionString;
}
