namespace MarketsApi.Infrastructure.Database;

/// <summary>A transaction that everything joins which the code inside asks of the <see cref="Database"/>, so that something can be stored together with it.</summary>
internal sealed class WriteScope
{
    private static readonly AsyncLocal<WriteScope?> Ambient = new();

    private readonly List<Func<Task>> _whenCommitted = [];
    private readonly List<Func<Task>> _whenInDoubt = [];

    private WriteScope(DatabaseTransaction transaction) => Transaction = transaction;

    /// <summary>The scope that the running code is in, if any.</summary>
    public static WriteScope? Current => Ambient.Value;

    /// <summary>The transaction; whoever entered it commits it.</summary>
    public DatabaseTransaction Transaction { get; }

    /// <summary>Enters a scope: the calling asynchronous method, and what it calls, are inside until it returns.</summary>
    public static WriteScope Enter(DatabaseTransaction transaction) => Ambient.Value = new WriteScope(transaction);

    /// <summary>Leaves it, for work that others wait for as well.</summary>
    public static void Leave() => Ambient.Value = null;

    /// <summary>Does what may only be done once the writes are committed: at once when they are, which is so outside any scope.</summary>
    public static Task WhenCommittedAsync(Func<Task> act)
    {
        if (Current is not { } scope)
        {
            return act();
        }

        scope._whenCommitted.Add(act);
        return Task.CompletedTask;
    }

    /// <summary>What to do if nobody can say whether the writes were committed.</summary>
    public static void WhenInDoubt(Func<Task> act) => Current?._whenInDoubt.Add(act);

    /// <summary>To be called after the commit.</summary>
    public Task CommittedAsync() => RunAsync(_whenCommitted);

    /// <summary>To be called when the commit failed in a way that leaves it open.</summary>
    public Task InDoubtAsync() => RunAsync(_whenInDoubt);

    private static async Task RunAsync(List<Func<Task>> acts)
    {
        Leave();
        foreach (var act in acts)
        {
            await act();
        }
    }
}
