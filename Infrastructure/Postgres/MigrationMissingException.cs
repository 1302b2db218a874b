namespace MarketsApi.Infrastructure.Postgres;

/// <summary>The database lacks a migration that this process may not apply itself.</summary>
internal sealed class MigrationMissingException(string message) : MigrationException(message);
