using System.Text.RegularExpressions;

namespace MarketsApi.Infrastructure.Jobs;

/// <summary>The kinds of job that this program knows.</summary>
internal sealed partial class JobCatalog
{
    private readonly Dictionary<string, IJob> _jobs = new(StringComparer.Ordinal);

    /// <exception cref="InvalidOperationException">Two classes have the same kind, or a kind is not a valid name.</exception>
    public JobCatalog(IEnumerable<IJob> jobs)
    {
        foreach (var job in jobs)
        {
            if (!Name().IsMatch(job.Kind))
            {
                throw new InvalidOperationException(
                    $"{job.GetType().Name} has the kind '{job.Kind}': give it 1 to 50 lower-case letters and hyphens."
                );
            }

            if (!_jobs.TryAdd(job.Kind, job))
            {
                throw new InvalidOperationException(
                    $"{_jobs[job.Kind].GetType().Name} and {job.GetType().Name} both have the kind {job.Kind}: give one of them another."
                );
            }
        }

        Kinds = [.. _jobs.Keys.Order(StringComparer.Ordinal)];
        Recurring = [.. _jobs.Values.OfType<IRecurringJob>()];
    }

    /// <summary>Their names.</summary>
    public string[] Kinds { get; }

    /// <summary>Those that the program queues itself.</summary>
    public IReadOnlyList<IRecurringJob> Recurring { get; }

    /// <summary>The one with this name.</summary>
    public IJob this[string kind] => _jobs[kind];

    [GeneratedRegex("^[a-z-]{1,50}$")]
    private static partial Regex Name();
}
