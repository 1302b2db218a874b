using Npgsql;

namespace MarketsApi.Infrastructure.Postgres;

/// <summary>A connection and the place among those that work with the database; disposing gives back both.</summary>
/// <param name="connection">The connection.</param>
/// <param name="gate">Where the place is given back.</param>
internal sealed class HeldConnection(NpgsqlConnection connection, ConnectionLimiter gate) : IAsyncDisposable
{
    /// <summary>The connection.</summary>
    public NpgsqlConnection Connection => connection;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await connection.DisposeAsync();
        }
        finally
        {
            gate.Leave();
        }
    }
}
