using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace MarketsApi.Infrastructure.Embeddings;

/// <summary>Threads on which a model runs, and nothing else does.</summary>
/// <remarks>
/// Not those of the pool: where the model uses a processor's matrix unit (Intel AMX), each signal to a thread that has used it takes 8 KiB
/// more of the stack that .NET 10 keeps for signals. That is too much for an exception that begins as a signal, such as a null reference: it
/// would end the process without a word. And they last: the C library keeps a pool of memory for each thread that the model has run on.
/// </remarks>
internal sealed class ModelThreads : IDisposable
{
    /// <summary>Linux' SCHED_IDLE: it runs where nothing else wants to, and a few percent of the time where all processors are busy (sched(7)).</summary>
    private const int IdlePolicy = 5;

    private const int CallingThread = 0;

    private readonly BlockingCollection<Action> _work = [];
    private readonly List<Thread> _threads = [];
    private readonly bool _giveWay;

    /// <summary>Starts them.</summary>
    /// <param name="name">What the system calls them.</param>
    /// <param name="count">How many.</param>
    /// <param name="giveWay">Whether all other threads of the machine go first.</param>
    public ModelThreads(string name, int count, bool giveWay)
    {
        _giveWay = giveWay;
        for (var number = 0; number < count; number++)
        {
            var thread = new Thread(Run) { IsBackground = true, Name = name };
            thread.Start();
            _threads.Add(thread);
        }
    }

    /// <summary>Has one of them do this after all that they were given before.</summary>
    public Task<T> RunAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (OperationCanceledException exception)
            {
                done.SetCanceled(exception.CancellationToken);
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        });
        return done.Task;
    }

    /// <summary>Ends them after what they have been given, and waits for that.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        _threads.ForEach(thread => thread.Join());
    }

    private void Run()
    {
        if (_giveWay && OperatingSystem.IsLinux())
        {
            // Which .NET's thread priorities don't set. Anyone may choose it; where a sandbox forbids it, the thread runs as others do.
            var priority = 0;
            _ = SetScheduler(CallingThread, IdlePolicy, ref priority);
        }

        foreach (var work in _work.GetConsumingEnumerable())
        {
            work();
        }
    }

    [DllImport("libc", EntryPoint = "sched_setscheduler")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetScheduler(int thread, int policy, ref int priority);
}
