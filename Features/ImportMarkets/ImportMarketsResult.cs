namespace MarketsApi.Features.ImportMarkets;

/// <summary>What an import did.</summary>
/// <param name="New">Markets that weren't there.</param>
/// <param name="Changed">Markets that were there with another content.</param>
/// <param name="Unchanged">Markets that were there with the same content, and weren't touched.</param>
/// <param name="Replaced">Lines that gave way to a later line about the same market.</param>
internal sealed record ImportMarketsResult(int New, int Changed, int Unchanged, int Replaced)
{
    /// <summary>All markets of the file that are in the database now.</summary>
    public int Imported => New + Changed + Unchanged;
}
