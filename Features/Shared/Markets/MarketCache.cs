using System.Text.Json;
using MarketsApi.Infrastructure.Caching;

namespace MarketsApi.Features.Shared.Markets;

/// <summary>How markets are cached.</summary>
internal static class MarketCache
{
    /// <summary>In Redis under <c>market:{id}</c>.</summary>
    public static readonly CacheKind Kind = CacheKind.Of<Envelope<Market>>("market");

    /// <summary>The market as responses show it; a draft only to its creator.</summary>
    public static CacheItem ToCacheItem(this Market market) =>
        CacheItem.Of(
            market.EntityTag,
            JsonSerializer.SerializeToUtf8Bytes(new Envelope<Market>(market), JsonSettings.Wire),
            market.Status == MarketStatus.Draft ? market.CreatorId : null
        );

    /// <summary>Whether the market exists for this caller.</summary>
    public static bool CanSee(this Caller caller, CacheItem item) =>
        !item.IsAbsent && (item.OnlyFor is null || caller.ActsForAll || caller.UserId == item.OnlyFor);
}
