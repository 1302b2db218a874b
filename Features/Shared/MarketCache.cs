using System.Text.Json;
using MarketsApi.Infrastructure.Auth;
using MarketsApi.Infrastructure.Caching;
using MarketsApi.Infrastructure.Errors;
using MarketsApi.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MarketsApi.Features.Shared;

/// <summary>How markets are kept.</summary>
internal static class MarketCache
{
    /// <summary>The first part of their keys in Redis: <c>market:{id}</c>.</summary>
    public const string Kind = "market";

    /// <summary>The market as answers show it; a draft only to its creator.</summary>
    public static CacheItem ToCacheItem(this Market market) =>
        CacheItem.Of(
            market.EntityTag,
            JsonSerializer.SerializeToUtf8Bytes(new Envelope<Market>(market), JsonSettings.Wire),
            market.Status == MarketStatus.Draft ? market.CreatorId : null
        );

    /// <summary>Whether the market exists for this caller.</summary>
    public static bool CanSee(this Caller caller, CacheItem item) =>
        !item.IsAbsent && (item.OnlyFor is null || caller.ActsForAll || caller.UserId == item.OnlyFor);

    /// <summary>Answers an edit, once everybody who keeps the market has heard of it.</summary>
    public static async Task<Results<Answer<Envelope<Market>>, Refusal>> AnswerAsync(
        this ItemCache cache,
        MarketEdit edit,
        HttpContext context
    )
    {
        if (edit.Market is not { } market)
        {
            return edit.Refusal!;
        }

        var item = market.ToCacheItem();
        if (edit.IsChanged)
        {
            await cache.ChangedAsync(Kind, market.Id, item);
        }

        context.SetEntityTag(market.EntityTag);
        return new Answer<Envelope<Market>>(item.Body!.Value);
    }
}
