using MarketsApi.Infrastructure.Embeddings;

namespace MarketsApi.Features.Shared.Search;

/// <summary>Which models the database has vectors of, and which of them are searched.</summary>
/// <remarks>What it says may be a few seconds old: other instances finish a model, too.</remarks>
internal sealed class VectorModels(Database database, Embedders embedders, TimeProvider clock)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(2);

    /// <summary>How long vectors of a former model stay: instances that are configured with it may still run.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    private volatile Known? _known;

    /// <summary>The model of new vectors; null when none are to be made.</summary>
    public async Task<VectorModel?> FindConfiguredAsync(CancellationToken cancellationToken) =>
        embedders.ConfiguredModel is { } model
            ? Find(await GetAllAsync(cancellationToken), model) ?? await AddAsync(model, cancellationToken)
            : null;

    /// <summary>The model to search by: the configured one when it has all markets, else the last that had. Null when there are no vectors.</summary>
    public async Task<VectorModel?> FindServingAsync(CancellationToken cancellationToken)
    {
        var configured = await FindConfiguredAsync(cancellationToken);
        if (configured?.CompletedAt is not null)
        {
            return configured;
        }

        var all = await GetAllAsync(cancellationToken);
        return all.FirstOrDefault(model => model.CompletedAt is not null) ?? configured;
    }

    /// <summary>Records that every market has a vector of this model; former models are dropped later.</summary>
    public async Task CompleteAsync(VectorModel model, CancellationToken cancellationToken)
    {
        var now = clock.GetStoredNow();
        await database.ExecuteAsync(VectorSql.CompleteModel, new { model.Id, Now = now }, cancellationToken);
        await database.ExecuteAsync(
            VectorSql.DeleteFormerModels,
            new { model.Id, CompletedBefore = now - Grace },
            cancellationToken
        );
        _known = null;
    }

    private static VectorModel? Find(IEnumerable<VectorModel> all, EmbeddingModel model) =>
        all.FirstOrDefault(other => other.Model == model);

    private async Task<VectorModel> AddAsync(EmbeddingModel model, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync(
            VectorSql.InsertModel,
            new
            {
                model.Provider,
                model.Name,
                model.Dimensions,
                Now = clock.GetStoredNow(),
            },
            cancellationToken
        );
        _known = null;
        return Find(await GetAllAsync(cancellationToken), model)!;
    }

    private async Task<IReadOnlyList<VectorModel>> GetAllAsync(CancellationToken cancellationToken)
    {
        if (_known is { } known && clock.GetElapsedTime(known.At) < Freshness)
        {
            return known.Models;
        }

        var models = await database.QueryAsync<VectorModel>(VectorSql.SelectModels, null, cancellationToken);
        _known = new Known(models, clock.GetTimestamp());
        return models;
    }

    private sealed record Known(IReadOnlyList<VectorModel> Models, long At);
}

/// <summary>A model of which the database has vectors, or will have.</summary>
internal sealed record VectorModel
{
    /// <summary>Its number in the tables.</summary>
    public short Id { get; init; }

    /// <summary>Who makes its vectors.</summary>
    public string Provider { get; init; } = "";

    /// <summary>Which of the provider's models.</summary>
    public string Name { get; init; } = "";

    /// <summary>How many dimensions were asked for.</summary>
    public int? Dimensions { get; init; }

    /// <summary>When every market had a vector of it; null until then.</summary>
    public DateTime? CompletedAt { get; init; }

    /// <summary>What the provider is asked for.</summary>
    public EmbeddingModel Model => new(Provider, Name, Dimensions);

    /// <summary>Whether its vectors tell meaning, not just spelling: those of the local provider don't.</summary>
    public bool IsSemantic => Provider != EmbeddingSettings.LocalProvider;
}
