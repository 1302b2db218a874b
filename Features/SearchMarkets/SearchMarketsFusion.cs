using MarketsApi.Features.Shared.Search;

namespace MarketsApi.Features.SearchMarkets;

/// <summary>Markets found by words and by vectors as one list.</summary>
/// <remarks>
/// A sum of scores, not of ranks (Bruch, Gai, Ingber: An Analysis of Fusion Functions for Hybrid Retrieval, 2023): ranks would let a weak
/// method push down what a strong one is sure of. Words count 1 for the best; meaning up to a half; likeness of spelling only behind all that words found.
/// </remarks>
/// <param name="found">By words, best first.</param>
/// <param name="near">By vectors, best first.</param>
/// <param name="isSemantic">Whether vectors tell meaning.</param>
internal sealed class SearchMarketsFusion(
    IReadOnlyList<SearchMarketsItem> found,
    IReadOnlyList<VectorHit> near,
    bool isSemantic
)
{
    /// <summary>The least cosine of two texts that are alike in spelling rather than by chance.</summary>
    private const double LeastLikeness = 0.3;

    private const double WeightOfMeaning = 0.5;

    private readonly Dictionary<Guid, SearchMarketsItem> _items = found.ToDictionary(item => item.Id);
    private readonly List<VectorHit> _near = [.. near.Where(hit => isSemantic || hit.Score >= LeastLikeness)];

    /// <summary>Markets that only vectors found.</summary>
    public Guid[] Missing => [.. _near.Select(hit => hit.MarketId).Where(id => !_items.ContainsKey(id))];

    /// <summary>Adds what the response says of them.</summary>
    public void Add(IEnumerable<SearchMarketsItem> items)
    {
        foreach (var item in items)
        {
            _items.TryAdd(item.Id, item);
        }
    }

    /// <summary>The best, in their order.</summary>
    public IReadOnlyList<SearchMarketsItem> Best(int limit, bool explains)
    {
        var wordRanks = found.Select((item, index) => (item.Id, Rank: index + 1)).ToDictionary(x => x.Id, x => x.Rank);
        var nearRanks = _near.Select((hit, index) => (hit, Rank: index + 1)).ToDictionary(x => x.hit.MarketId);
        return
        [
            .. _items
                .Values.Select(item => item with { Score = ScoreOf(item), Ranks = explains ? RanksOf(item) : null })
                .OrderByDescending(item => item.Score)
                .ThenBy(item => item.Id)
                .Take(limit),
        ];

        double ScoreOf(SearchMarketsItem item)
        {
            var cosine = nearRanks.TryGetValue(item.Id, out var place) ? Math.Max(0, place.hit.Score) : 0;
            return isSemantic
                    ? (item.Score / Math.Max(1e-9, found.Count > 0 ? found[0].Score : 1)) + (WeightOfMeaning * cosine)
                : wordRanks.ContainsKey(item.Id) ? item.Score
                : cosine * (found.Count > 0 ? found[^1].Score : 1) * 0.999;
        }

        SearchMarketsRanks RanksOf(SearchMarketsItem item) =>
            new(
                wordRanks.TryGetValue(item.Id, out var rank) ? rank : null,
                wordRanks.ContainsKey(item.Id) ? item.Score : null,
                nearRanks.TryGetValue(item.Id, out var place) ? place.Rank : null
            );
    }
}
