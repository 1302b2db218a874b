using System.Diagnostics.Metrics;
using MarketsApi.Infrastructure.Embeddings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace MarketsApi.Tests.Infrastructure.Embeddings;

/// <summary>Embedders as the program puts them together, for tests of what HTTP can't reach.</summary>
internal sealed class EmbedderParts : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public EmbedderParts(EmbeddingSettings settings)
    {
        Metrics = new EmbeddingMetrics(_services.GetRequiredService<IMeterFactory>());
        Embedders = new Embedders(settings, Metrics, Clock, NullLoggerFactory.Instance);
        Jobs = new JobEmbedder(Embedders, settings, Clock);
    }

    /// <summary>Time that passes without waiting.</summary>
    public HastyClock Clock { get; } = new();

    public EmbeddingMetrics Metrics { get; }

    public Embedders Embedders { get; }

    public JobEmbedder Jobs { get; }

    public void Dispose()
    {
        Embedders.Dispose();
        _services.Dispose();
    }
}

/// <summary>Ends each wait at once, and records how long it would have been.</summary>
internal sealed class HastyClock : TimeProvider
{
    private readonly List<TimeSpan> _waits = [];

    /// <summary>The waits so far.</summary>
    public IReadOnlyList<TimeSpan> Waits
    {
        get
        {
            lock (_waits)
            {
                return [.. _waits];
            }
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            lock (_waits)
            {
                _waits.Add(dueTime);
            }
        }

        return base.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : TimeSpan.Zero, period);
    }
}
