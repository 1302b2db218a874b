using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace MarketsApi.Infrastructure.Embeddings;

/// <summary>A thread that gives way to all others of the machine and does one thing after the other.</summary>
/// <remarks>It lasts: the C library keeps a pool of memory for each thread that the model has run on.</remarks>
internal sealed class BackgroundThread : IDisposable
{
    /// <summary>Linux' SCHED_IDLE: it runs where nothing else wants to, and a few percent of the time where all processors are busy (sched(7)).</summary>
    private const int IdlePolicy = 5;

    private const int CallingThread = 0;

    private readonly BlockingCollection<Action> _work = [];

    /// <summary>Starts it.</summary>
    public BackgroundThread(string name) => new Thread(Run) { IsBackground = true, Name = name }.Start();

    /// <summary>Has it do this after all that it was given before.</summary>
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

    /// <summary>Ends it after what it has been given.</summary>
    public void Dispose() => _work.CompleteAdding();

    private void Run()
    {
        if (OperatingSystem.IsLinux())
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
