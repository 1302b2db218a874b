using System.Collections;
using MarketsApi.Infrastructure.Embeddings;

namespace MarketsApi.Features.Shared.Search;

/// <summary>The markets nearest to a vector: candidates by their signs, put in order by exact cosine.</summary>
/// <remarks>Signs are compared in memory; with conditions on markets, or by an index of pgvector, in the database.</remarks>
internal sealed class VectorIndex(DatabaseReader database, VectorExtension extension, TimeProvider clock) : IDisposable
{
    /// <summary>How long other instances' vectors may take to be seen here.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turn = new(1);
    private volatile Copy? _copy;
    private volatile bool _isOutdated;

    /// <summary>The nearest, best first, ties by id.</summary>
    /// <param name="reader">Reads for the caller; the index itself reads what all callers share.</param>
    /// <param name="model">The model whose vectors are compared.</param>
    /// <param name="vector">A vector of that model.</param>
    /// <param name="candidates">How many, found by their signs, are compared exactly.</param>
    /// <param name="except">Not this market.</param>
    /// <param name="status">Only markets with this status, unless null.</param>
    /// <param name="category">Only markets of this category, unless null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<VectorHit>> FindAsync(
        DatabaseReader reader,
        VectorModel model,
        ReadOnlyMemory<float> vector,
        int candidates,
        Guid? except,
        string? status,
        string? category,
        CancellationToken cancellationToken
    )
    {
        var signs = VectorCode.SignsOf(vector.Span);
        var found =
            status is null && category is null && !extension.IsUsed
                ? await FindInMemoryAsync(reader, model, signs, candidates, except, cancellationToken)
                : await FindInDatabaseAsync(
                    reader,
                    model,
                    signs,
                    candidates,
                    except,
                    status,
                    category,
                    cancellationToken
                );
        return Order(found, vector.Span);
    }

    /// <summary>Makes the next search look for new vectors.</summary>
    public void NoteChange() => _isOutdated = true;

    /// <summary>Reads all signs, ahead of the first search and now and then: those of markets that have gone leave in no other way.</summary>
    public async Task ReloadAsync(VectorModel model, CancellationToken cancellationToken) =>
        _copy = extension.IsUsed ? null : await ReadAsync(model, null, cancellationToken);

    public void Dispose() => _turn.Dispose();

    private async Task<FoundVectors> FindInMemoryAsync(
        DatabaseReader reader,
        VectorModel model,
        BitArray signs,
        int candidates,
        Guid? except,
        CancellationToken cancellationToken
    )
    {
        var table = await RefreshAsync(model, cancellationToken);
        var ids = table.FindNearest(signs, candidates + (except is null ? 0 : 1));
        return await reader.QuerySingleAsync<FoundVectors>(
            VectorSql.SelectVectors,
            new { ModelId = model.Id, Ids = except is null ? ids : [.. ids.Where(id => id != except)] },
            cancellationToken
        );
    }

    private async Task<FoundVectors> FindInDatabaseAsync(
        DatabaseReader reader,
        VectorModel model,
        BitArray signs,
        int candidates,
        Guid? except,
        string? status,
        string? category,
        CancellationToken cancellationToken
    ) =>
        (
            await extension.QueryAsync<FoundVectors>(
                reader,
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
                    Bits = signs,
                    Candidates = candidates,
                    // No market has this id, so one statement serves both.
                    Except = except ?? Guid.Empty,
                    Status = status,
                    Category = category,
                },
                cancellationToken
            )
        ).Single();

    /// <summary>The signs, no older than the freshness; one caller reads for all that wait.</summary>
    private async Task<SignTable> RefreshAsync(VectorModel model, CancellationToken cancellationToken)
    {
        if (Current(model) is { } fresh)
        {
            return fresh;
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (Current(model) is { } meanwhile)
            {
                return meanwhile;
            }

            _isOutdated = false;
            var former = _copy is { } copy && copy.ModelId == model.Id ? copy : null;
            return (_copy = await ReadAsync(model, former, cancellationToken)).Table;
        }
        catch
        {
            _isOutdated = true;
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Reads what is new since a former copy, whose table it goes on with; or all.</summary>
    private async Task<Copy> ReadAsync(VectorModel model, Copy? former, CancellationToken cancellationToken)
    {
        var readAt = clock.GetTimestamp();
        if (former is not null)
        {
            var rows = await database.QueryAsync<SignRow>(
                VectorSql.SelectSigns,
                new { ModelId = model.Id, Since = former.Horizon },
                cancellationToken
            );
            SetIn(former.Table, rows);
            return new Copy(model.Id, former.Table, rows[0].Horizon, readAt);
        }

        var table = new SignTable();
        string? horizon = null;
        // In pages: all rows at once would take more memory than the table.
        for (Guid? after = Guid.Empty; after is not null; )
        {
            var page = await database.QueryAsync<SignRow>(
                VectorSql.SelectPageOfSigns,
                new { ModelId = model.Id, After = after },
                cancellationToken
            );
            SetIn(table, page);
            horizon ??= page[0].Horizon;
            after = page[^1].MarketId;
        }

        return new Copy(model.Id, table, horizon!, readAt);
    }

    private static void SetIn(SignTable table, IReadOnlyList<SignRow> rows) =>
        table.Set(rows.Where(row => row.MarketId is not null).Select(row => (row.MarketId!.Value, row.Bits!)));

    private SignTable? Current(VectorModel model) =>
        !_isOutdated && _copy is { } copy && copy.ModelId == model.Id && clock.GetElapsedTime(copy.ReadAt) < Freshness
            ? copy.Table
            : null;

    private static VectorHit[] Order(FoundVectors found, ReadOnlySpan<float> vector)
    {
        var hits = new VectorHit[found.MarketIds.Length];
        for (var i = 0; i < hits.Length; i++)
        {
            hits[i] = new VectorHit(found.MarketIds[i], VectorCode.Cosine(vector, found.Vectors[i]));
        }

        Array.Sort(
            hits,
            static (one, other) =>
                other.Score != one.Score ? other.Score.CompareTo(one.Score) : one.MarketId.CompareTo(other.MarketId)
        );
        return hits;
    }

    private sealed record Copy(short ModelId, SignTable Table, string Horizon, long ReadAt);
}

/// <summary>A market that is near a text.</summary>
/// <param name="MarketId">Which.</param>
/// <param name="Score">The cosine of the two vectors, rounded to six decimals: 1 for the same text.</param>
internal readonly record struct VectorHit(Guid MarketId, double Score);

/// <summary>Stored vectors that may be near, in one row: to read four hundred rows took a tenth of a search.</summary>
internal sealed record FoundVectors
{
    public Guid[] MarketIds { get; init; } = [];

    /// <summary>A signed byte for each dimension, of each market.</summary>
    public byte[][] Vectors { get; init; } = [];
}

/// <summary>The signs of a stored vector; no market when no vector can be read.</summary>
internal sealed record SignRow
{
    /// <summary>Transactions below this number have ended.</summary>
    public string Horizon { get; init; } = "";

    public Guid? MarketId { get; init; }

    public BitArray? Bits { get; init; }
}
