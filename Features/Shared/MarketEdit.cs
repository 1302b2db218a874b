using MarketsApi.Infrastructure.Errors;

namespace MarketsApi.Features.Shared;

/// <summary>What became of an edit.</summary>
/// <param name="Market">The market as it is now, unless the edit was refused.</param>
/// <param name="Refusal">Why it was refused.</param>
/// <param name="IsChanged">Whether anything is different.</param>
internal sealed record MarketEdit(Market? Market, Refusal? Refusal, bool IsChanged)
{
    public static implicit operator MarketEdit(Refusal refusal) => new(null, refusal, false);
}
