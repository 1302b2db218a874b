using System.Diagnostics.Metrics;

namespace MarketsApi.Infrastructure.Postgres;

/// <summary>The read replica's state, as a metric (meter MarketsApi.Database).</summary>
internal sealed class ReadReplicaMetrics
{
    private volatile int[] _isUsed = [];

    public ReadReplicaMetrics(IMeterFactory meters) =>
        meters
            .Create("MarketsApi.Database")
            .CreateObservableGauge(
                "database.reader.up",
                () => _isUsed.Select(isUsed => new Measurement<int>(isUsed)),
                "{state}",
                "Whether the read replica is in use: 0 when it is away or behind; nothing where none is configured."
            );

    public void SetUsed(bool isUsed) => _isUsed = [isUsed ? 1 : 0];
}
