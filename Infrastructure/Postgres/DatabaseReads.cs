using System.Diagnostics.CodeAnalysis;

namespace MarketsApi.Infrastructure.Postgres;

/// <summary>What slices read with, from the primary or a replica: <see cref="Database"/> and <see cref="DatabaseReader"/>.</summary>
public abstract class DatabaseReads
{
    private protected DatabaseReads() { }

    /// <summary>The rows of a statement that changes nothing; tried again when the connection breaks.</summary>
    public Task<IReadOnlyList<T>> QueryAsync<T>(
        [ConstantExpected] string sql,
        object? parameters,
        CancellationToken cancellationToken
    ) => ReadAsync<T>(sql, parameters, cancellationToken);

    /// <summary>The rows of a composed statement that changes nothing; tried again when the connection breaks.</summary>
    public Task<IReadOnlyList<T>> QueryAsync<T>(SqlText sql, object? parameters, CancellationToken cancellationToken) =>
        ReadAsync<T>(sql.ToString(), parameters, cancellationToken);

    /// <summary>The one row of a statement that changes nothing, or null; tried again when the connection breaks.</summary>
    /// <exception cref="InvalidOperationException">There are several rows.</exception>
    public async Task<T?> QuerySingleOrDefaultAsync<T>(
        [ConstantExpected] string sql,
        object? parameters,
        CancellationToken cancellationToken
    )
        where T : class => (await ReadAsync<T>(sql, parameters, cancellationToken)).SingleOrDefault();

    internal abstract Task<IReadOnlyList<T>> ReadAsync<T>(
        string sql,
        object? parameters,
        CancellationToken cancellationToken
    );
}
