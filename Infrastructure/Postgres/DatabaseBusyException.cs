namespace MarketsApi.Infrastructure.Postgres;

/// <summary>A request was turned away because all connections to the database are in use, and stay so.</summary>
internal sealed class DatabaseBusyException() : TimeoutException("All connections to the database are in use.");
