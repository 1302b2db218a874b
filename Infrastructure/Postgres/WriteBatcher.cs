using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Npgsql;

namespace MarketsApi.Infrastructure.Postgres;

/// <summary>Writes rows of several requests with one statement when they arrive faster than the database takes them one by one.</summary>
/// <remarks>
/// Of each statement two run at the same time. What arrives meanwhile waits, and then goes in one batch, which one of the waiting requests sends for all. A request that comes alone is sent at once and by itself. A batch is done as a whole or
/// not at all; if not, each of its rows is sent by itself: nobody gets an error because of another's row. Nor does anybody wait long for a
/// lock that only another's row needs: a batch soon gives up waiting for it, and what is stuck is passed.
/// </remarks>
internal sealed class WriteBatcher(DatabaseSettings settings, TimeProvider clock, IMeterFactory meters)
{
    /// <summary>How long a statement may run before others no longer wait for it: as long as a batch waits for a lock.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<RowWrite.Key, Line> _lines = new();
    private readonly Histogram<int> _batches = meters
        .Create("MarketsApi.Database")
        .CreateHistogram<int>(
            "database.batch.rows",
            "{row}",
            "Rows of several requests that went in one statement; database.outcome is done, undone (each row then went by itself) or unknown.",
            tags: null,
            new InstrumentAdvice<int> { HistogramBucketBoundaries = [2, 4, 8, 16, 32] }
        );

    private readonly TimeSpan _maxWait = TimeSpan.FromMilliseconds(settings.MaxWaitMilliseconds);

    /// <summary>Sends the row by itself or with others, and returns what came of it.</summary>
    /// <param name="key">What goes in the same batch.</param>
    /// <param name="row">The row.</param>
    /// <param name="caller">Whose it is: when more wait than a batch takes, callers take turns.</param>
    /// <param name="sendAll">Sends a batch, and returns what came of each row; null where the row is to be sent by itself.</param>
    /// <param name="send">Sends the row by itself.</param>
    /// <param name="cancellationToken">Gives up waiting. A batch that was sent goes on while anybody still waits for it.</param>
    public async Task<T?> SendAsync<T>(
        RowWrite.Key key,
        object row,
        RateLimitCaller? caller,
        Func<IReadOnlyList<object>, CancellationToken, Task<T?[]>> sendAll,
        Func<Task<T?>> send,
        CancellationToken cancellationToken
    )
        where T : class
    {
        var line = _lines.GetOrAdd(key, static _ => new Line());
        var waiter = new Waiter(row, caller, cancellationToken);
        if (!line.TryEnter(waiter, settings.MaxWaiting))
        {
            return await send();
        }

        var turn = await WaitAsync(line, waiter);
        if (turn.Batch is not { } batch)
        {
            return (T?)turn.Result ?? await send();
        }

        T? result;
        try
        {
            if (batch is [_])
            {
                return await send();
            }

            result = await SendAsync(batch, sendAll);
        }
        finally
        {
            line.Leave();
        }

        return result ?? await send();
    }

    /// <summary>Ends when the request is to send a batch, or another has sent its row; after the longest wait it goes by itself.</summary>
    private async Task<Turn> WaitAsync(Line line, Waiter waiter)
    {
        for (var waited = TimeSpan.Zero; waited < _maxWait; waited += Patience)
        {
            try
            {
                return await waiter.Turn.WaitAsync(Patience, clock, waiter.CancellationToken);
            }
            catch (TimeoutException)
            {
                line.PassWhatIsStuck(waiter);
            }
            catch (OperationCanceledException) when (line.TryGiveUp(waiter))
            {
                throw;
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        return line.TryGiveUp(waiter) ? default : await waiter.Turn;
    }

    /// <summary>Sends the batch for all, and returns what came of the first row.</summary>
    private async Task<T?> SendAsync<T>(
        List<Waiter> batch,
        Func<IReadOnlyList<object>, CancellationToken, Task<T?[]>> sendAll
    )
        where T : class
    {
        using var abandoned = new CancellationTokenSource();
        var waiting = batch.Count;
        var registrations = batch.ConvertAll(waiter =>
            waiter.CancellationToken.UnsafeRegister(
                _ =>
                {
                    if (Interlocked.Decrement(ref waiting) == 0)
                    {
                        abandoned.Cancel();
                    }
                },
                null
            )
        );
        var others = batch.Skip(1);
        try
        {
            var results = await sendAll(batch.ConvertAll(waiter => waiter.Row), abandoned.Token);
            Record("done");
            foreach (var (waiter, result) in others.Zip(results.Skip(1)))
            {
                waiter.Continue(new Turn(null, result));
            }

            return results[0];
        }
        catch (Exception exception)
            when (exception is DatabaseBusyException
                || exception is PostgresException && !DatabaseErrors.LeavesCommitOpen(exception)
            )
        {
            Record("undone");
            foreach (var waiter in others)
            {
                waiter.Continue(default);
            }

            return null;
        }
        catch (Exception exception)
        {
            Record("unknown");
            foreach (var waiter in others)
            {
                waiter.Fail(exception);
            }

            throw;
        }
        finally
        {
            registrations.ForEach(registration => registration.Dispose());
        }

        void Record(string outcome) =>
            _batches.Record(batch.Count, new KeyValuePair<string, object?>("database.outcome", outcome));
    }

    /// <summary>What a request does when its wait is over: it sends this batch, of which its row is the first, or has this result, or goes by itself.</summary>
    private readonly record struct Turn(List<Waiter>? Batch, object? Result);

    /// <summary>One statement's requests.</summary>
    private sealed class Line
    {
        private const int MaxRunning = 2;
        private const int MaxRows = 32;

        private readonly Lock _lock = new();
        private readonly List<Waiter> _waiting = [];
        private int _running;

        /// <summary>How often a statement ended or one that was stuck was passed.</summary>
        private long _progress;

        /// <summary>False when too many wait.</summary>
        public bool TryEnter(Waiter waiter, int maxWaiting)
        {
            lock (_lock)
            {
                if (_running >= MaxRunning)
                {
                    if (_waiting.Count >= maxWaiting)
                    {
                        return false;
                    }

                    waiter.Progress = _progress;
                    _waiting.Add(waiter);
                    return true;
                }

                _running++;
            }

            waiter.Continue(new Turn([waiter], null));
            return true;
        }

        /// <summary>Lets the next batch go.</summary>
        public void Leave()
        {
            lock (_lock)
            {
                _progress++;
                _running--;
                SendNext();
            }
        }

        /// <summary>Lets one more batch go when nothing has ended while the waiter looked on.</summary>
        public void PassWhatIsStuck(Waiter waiter)
        {
            lock (_lock)
            {
                if (waiter.Progress == _progress)
                {
                    _progress++;
                    SendNext();
                }

                waiter.Progress = _progress;
            }
        }

        /// <summary>False when the waiter is in a batch already.</summary>
        public bool TryGiveUp(Waiter waiter)
        {
            lock (_lock)
            {
                return _waiting.Remove(waiter);
            }
        }

        private void SendNext()
        {
            if (_waiting.Count > 0)
            {
                _running++;
                var batch = TakeBatch();
                batch[0].Continue(new Turn(batch, null));
            }
        }

        private List<Waiter> TakeBatch()
        {
            if (_waiting.Count <= MaxRows)
            {
                List<Waiter> all = [.. _waiting];
                _waiting.Clear();
                return all;
            }

            var batch = _waiting
                .GroupBy(waiter => waiter.Caller)
                .SelectMany(ofCaller => ofCaller.Index())
                .OrderBy(turn => turn.Index)
                .Take(MaxRows)
                .Select(turn => turn.Item)
                .ToList();
            var taken = batch.ToHashSet();
            _waiting.RemoveAll(taken.Contains);
            return batch;
        }
    }

    private sealed class Waiter(object row, RateLimitCaller? caller, CancellationToken cancellationToken)
    {
        private readonly TaskCompletionSource<Turn> _turn = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public object Row => row;

        public RateLimitCaller? Caller => caller;

        public CancellationToken CancellationToken => cancellationToken;

        /// <summary>The line's progress when it last looked.</summary>
        public long Progress { get; set; }

        public Task<Turn> Turn => _turn.Task;

        public void Continue(Turn turn) => _turn.SetResult(turn);

        public void Fail(Exception exception) => _turn.SetException(exception);
    }
}
