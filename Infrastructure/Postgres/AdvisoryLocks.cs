namespace MarketsApi.Infrastructure.Postgres;

/// <summary>The keys of all advisory locks that this program takes: one for each purpose, and none that another program takes in the same database.</summary>
/// <remarks>Requests with an Idempotency-Key lock a hash of it, which equals one of these only with a chance of 2⁻⁶⁴ each.</remarks>
internal static class AdvisoryLocks
{
    /// <summary>Held while migrations are applied.</summary>
    public const long Migrate = 5_261_947_308_415_520_061;

    /// <summary>Held from an import's first change until its commit.</summary>
    public const long Import = 5_261_947_308_415_520_062;

    /// <summary>Held while search learns words: by the function <c>search_refresh</c>, whose text has the number.</summary>
    public const long RefreshSearch = 5_261_947_308_415_520_063;

    /// <summary>Held, by a session, while the index of vectors is built.</summary>
    public const long CreateVectorIndex = 5_261_947_308_415_520_064;
}
