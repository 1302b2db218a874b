using System.Buffers;
using MarketsApi.Infrastructure.Embeddings;

namespace MarketsApi.Features.Shared.Search;

/// <summary>The markets nearest to a vector: candidates by their signs, put in order by exact cosine.</summary>
internal sealed class VectorIndex(DatabaseReader database, VectorExtension extension)
{
    /// <summary>How many candidates are compared exactly; measured to hold 99 in 100 of the nearest 10, and 98 of the nearest 50.</summary>
    private const int FewCandidates = 200;
    private const int ManyCandidates = 400;

    /// <summary>How many candidates are compared exactly for each one that is asked for, where near enough will do.</summary>
    private const int RoughCandidates = 4;

    /// <summary>Finds them, best first, ties by id.</summary>
    /// <param name="model">Whose vectors are compared.</param>
    /// <param name="vector">A vector of that model.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="except">Not this market.</param>
    /// <param name="status">Only markets with this status, unless null.</param>
    /// <param name="category">Only markets of this category, unless null.</param>
    /// <param name="isRough">Whether to save half of the time, and miss some of the nearest.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<VectorHit>> FindAsync(
        VectorModel model,
        ReadOnlyMemory<float> vector,
        int count,
        Guid? except,
        string? status,
        string? category,
        bool isRough,
        CancellationToken cancellationToken
    )
    {
        var rows = await extension.QueryAsync<VectorRow>(
            database,
            new SqlText()
                .Add(VectorSql.Nearest)
                .AddIf(status is not null || category is not null, VectorSql.JoinMarkets)
                .Add(VectorSql.OfModel)
                .AddIf(status is not null, VectorSql.OfStatus)
                .AddIf(category is not null, VectorSql.OfCategory)
                .Add(extension.Order)
                .Add(VectorSql.Vectors),
            new
            {
                ModelId = model.Id,
                Bits = VectorCode.SignsOf(vector.Span),
                Candidates = isRough ? RoughCandidates * count
                : count <= 20 ? FewCandidates
                : ManyCandidates,
                // No market has this id, so one statement serves both.
                Except = except ?? Guid.Empty,
                Status = status,
                Category = category,
            },
            cancellationToken
        );
        return Nearest(rows, vector.Span, count);
    }

    private static VectorHit[] Nearest(IReadOnlyList<VectorRow> rows, ReadOnlySpan<float> vector, int count)
    {
        var hits = new VectorHit[rows.Count];
        var memory = ArrayPool<float>.Shared.Rent(vector.Length);
        for (var i = 0; i < hits.Length; i++)
        {
            hits[i] = new VectorHit(
                rows[i].MarketId,
                VectorCode.Cosine(vector, rows[i].Vector, memory.AsSpan(0, vector.Length))
            );
        }

        ArrayPool<float>.Shared.Return(memory);
        Array.Sort(
            hits,
            static (one, other) =>
                other.Score != one.Score ? other.Score.CompareTo(one.Score) : one.MarketId.CompareTo(other.MarketId)
        );
        return hits[..Math.Min(count, hits.Length)];
    }
}

/// <summary>A market that is near a text.</summary>
/// <param name="MarketId">Which.</param>
/// <param name="Score">The cosine of the two vectors, rounded to six decimals: 1 for the same text, about 0 for an unrelated one.</param>
internal readonly record struct VectorHit(Guid MarketId, double Score);

/// <summary>A stored vector that may be near.</summary>
internal sealed record VectorRow
{
    /// <summary>Whose it is.</summary>
    public Guid MarketId { get; init; }

    /// <summary>A signed byte for each dimension.</summary>
    public byte[] Vector { get; init; } = [];
}
