namespace MarketsApi.Infrastructure.Postgres;

/// <summary>The migrations of this program and those that the database has seen don't fit together.</summary>
internal class MigrationException(string message) : Exception(message);
