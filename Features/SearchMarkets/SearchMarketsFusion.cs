using MarketsApi.Features.Shared.Search;

namespace MarketsApi.Features.SearchMarkets;

/// <summary>Markets found by words and by vectors as one list: docs/search.md has the rule.</summary>
/// <remarks>
/// Of scores, not of ranks: ranks would let the weaker method push down what the other is sure of. Both are put on one scale, where
/// 0 is none and about 1 a match, by what the query itself shows: no number here belongs to a model.
/// </remarks>
internal static class SearchMarketsFusion
{
    /// <summary>How many of the nearest by meaning are compared exactly: hardly ever is half of them about one subject.</summary>
    public const int NearCandidates = 256;

    /// <summary>How many of the best by words take part.</summary>
    public const int WordCandidates = 200;

    /// <summary>What meaning is worth beside words.</summary>
    private const double WeightOfMeaning = 1.5;

    /// <summary>What the weaker method adds when both found a market.</summary>
    private const double WeightOfWeaker = 0.2;

    /// <summary>The least meaning by which a market is found without words, so that nonsense finds next to nothing.</summary>
    private const double LeastMeaning = 0.3;

    /// <summary>The least cosine of two texts that are alike in spelling rather than by chance.</summary>
    private const double LeastLikeness = 0.3;

    /// <summary>The best by words and meaning together.</summary>
    /// <param name="words">Found by words, best first.</param>
    /// <param name="near">Compared by meaning, best first.</param>
    /// <param name="limit">How many at most.</param>
    public static IReadOnlyList<SearchMarketsHit> Best(
        IReadOnlyList<SearchMarketsHit> words,
        IReadOnlyList<VectorHit> near,
        int limit
    )
    {
        var found = words.ToDictionary(hit => hit.Id, hit => hit.Ranks);
        var unrelated = UnrelatedOf(near);
        for (var i = 0; i < near.Count; i++)
        {
            var (id, cosine) = near[i];
            var meaning = unrelated < 1 ? WeightOfMeaning * Math.Max(0, (cosine - unrelated) / (1 - unrelated)) : 0;
            if (found.TryGetValue(id, out var ranks) || meaning >= LeastMeaning)
            {
                found[id] = (ranks ?? new()) with
                {
                    Vectors = i + 1,
                    Cosine = cosine,
                    Meaning = Math.Round(meaning, 6),
                };
            }
        }

        return
        [
            .. found
                .Select(hit => new SearchMarketsHit(hit.Key, ScoreOf(hit.Value), hit.Value))
                .OrderByDescending(hit => hit.Score)
                .ThenBy(hit => hit.Id)
                .Take(limit),
        ];
    }

    /// <summary>What words found, and behind it what is alike in spelling.</summary>
    public static IReadOnlyList<SearchMarketsHit> Fill(
        IReadOnlyList<SearchMarketsHit> words,
        IReadOnlyList<VectorHit> near,
        int limit
    )
    {
        var places = near.Take(limit)
            .Select((hit, index) => (hit, Rank: index + 1))
            .Where(place => place.hit.Score >= LeastLikeness);
        var alike = places.ToDictionary(place => place.hit.MarketId, place => (place.Rank, place.hit.Score));
        var last = words is [.., var worst] ? worst.Score : 1;
        var found = words.Select(hit =>
            hit with
            {
                Ranks = hit.Ranks with
                {
                    WordMatch = null,
                    Vectors = alike.TryGetValue(hit.Id, out var place) ? place.Rank : null,
                    Cosine = alike.TryGetValue(hit.Id, out place) ? place.Score : null,
                },
            }
        );
        var byWords = words.Select(hit => hit.Id).ToHashSet();
        var filled = alike
            .Where(hit => !byWords.Contains(hit.Key))
            .Select(hit => new SearchMarketsHit(
                hit.Key,
                hit.Value.Score * last * 0.999,
                new SearchMarketsRanks(Vectors: hit.Value.Rank, Cosine: hit.Value.Score)
            ))
            .OrderByDescending(hit => hit.Score)
            .ThenBy(hit => hit.Id);
        return [.. found.Concat(filled).Take(limit)];
    }

    /// <summary>The cosine of what is unrelated to the query, for this model: that of the market in the middle.</summary>
    private static double UnrelatedOf(IReadOnlyList<VectorHit> near) =>
        near.Count == 0 ? 1 : near[Math.Min((near.Count + 3) / 2, near.Count) - 1].Score;

    private static double ScoreOf(SearchMarketsRanks ranks)
    {
        var (words, meaning) = (ranks.WordMatch ?? 0, ranks.Meaning ?? 0);
        return Math.Round(Math.Max(words, meaning) + (WeightOfWeaker * Math.Min(words, meaning)), 6);
    }
}
