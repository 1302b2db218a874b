using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace MarketsApi.Infrastructure.Embeddings;

/// <summary>A thread that gives way to all others of the machine and does one thing after the other.</summary>
/// <remarks>It lasts: the C library keeps a pool of memory for each thread that the model has run on.</remarks>
internal sealed class BackgroundThread : IDisposable
{
    /// <summary>How much it gives way: from 0 (not at all) to 19.</summary>
    private const int Niceness = 10;

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
            // Linux has a niceness for each thread, which .NET's thread priorities don't set.
            _ = SetPriority(0, 0, Niceness);
        }

        foreach (var work in _work.GetConsumingEnumerable())
        {
            work();
        }
    }

    [DllImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetPriority(int which, int who, int priority);
}
