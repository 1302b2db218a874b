using System.Diagnostics.CodeAnalysis;

namespace MarketsApi.Infrastructure.Idempotency;

/// <summary>What a handler of an endpoint with <c>.Idempotent()</c> writes by: together with the response where the request has a key.</summary>
/// <remarks>
/// The handler may run again when the server undid its writes, or when the key proves to be in use. So its only effects are its writes
/// and what it leaves to <see cref="WhenCommitted"/>. It either runs statements, or enqueues one and needs nothing of what that returns.
/// </remarks>
public sealed class IdempotentWrite
{
    private readonly Database _database;
    private readonly TimeProvider _clock;
    private readonly List<Func<Task>> _whenCommitted = [];
    private readonly List<Func<Task>> _whenInDoubt = [];
    private RowWrite? _enqueued;
    private DatabaseTransaction? _transaction;

    private IdempotentWrite(Database database, TimeProvider clock, IdempotentRequest? request) =>
        (_database, _clock, Request) = (database, clock, request);

    /// <summary>The request with its key; null when it has none.</summary>
    internal IdempotentRequest? Request { get; }

    /// <summary>Whether the key is held, in an open transaction.</summary>
    internal bool IsClaimed => _transaction is not null;

    /// <summary>Binds a handler's parameter.</summary>
    public static ValueTask<IdempotentWrite?> BindAsync(HttpContext context) =>
        ValueTask.FromResult<IdempotentWrite?>(
            new(
                Database.Of(context),
                context.RequestServices.GetRequiredService<TimeProvider>(),
                context.Features.Get<IdempotentRequest>()
            )
        );

    /// <summary>Leaves the handler's one row to be written when it has returned a success: in one round trip with the commit, so it is not visible before.</summary>
    /// <param name="sql">A statement that takes any number of rows; see <see cref="Database.ExecuteReturningRowAsync"/>. Without a key, several requests' rows may go in one batch.</param>
    /// <param name="row">An object with a property for each parameter.</param>
    public void EnqueueRow([ConstantExpected] string sql, object row)
    {
        DemandNothingEnqueued();
        _enqueued = new RowWrite(sql, row);
    }

    /// <summary>Writes a row as <see cref="Database.ExecuteReturningRowAsync"/> does; without a key it is committed at once, and several requests' rows may go in one batch.</summary>
    public async Task<T?> ExecuteReturningRowAsync<T>(
        [ConstantExpected] string sql,
        object row,
        CancellationToken cancellationToken
    )
        where T : class, IRowResult
    {
        DemandNothingEnqueued();
        return Request is null
            ? await _database.ExecuteReturningRowAsync<T>(sql, row, cancellationToken)
            : await (await ClaimAsync(cancellationToken)).QuerySingleOrDefaultAsync<T>(
                sql,
                RowParameters.Of(row),
                cancellationToken
            );
    }

    /// <summary>The one row of a statement that changes nothing, or null; it sees what was written before.</summary>
    public async Task<T?> QuerySingleOrDefaultAsync<T>(
        [ConstantExpected] string sql,
        object? parameters,
        CancellationToken cancellationToken
    )
        where T : class =>
        _transaction is { } transaction
            ? await transaction.QuerySingleOrDefaultAsync<T>(sql, parameters, cancellationToken)
            : await _database.QuerySingleOrDefaultAsync<T>(sql, parameters, cancellationToken);

    /// <summary>Several statements as one; see <see cref="Database.TransactAsync"/>. Without a key they are committed at once.</summary>
    public async Task<T> TransactAsync<T>(
        Func<DatabaseTransaction, CancellationToken, Task<T>> work,
        CancellationToken cancellationToken
    )
    {
        DemandNothingEnqueued();
        return Request is null
            ? await _database.TransactAsync(work, cancellationToken)
            : await work(await ClaimAsync(cancellationToken), cancellationToken);
    }

    /// <summary>Announces the write to others, such as caches: runs after the commit and before the response.</summary>
    public void WhenCommitted(Func<Task> act) => _whenCommitted.Add(act);

    /// <summary>What to do if it is unknown whether the write was committed. To be called before the write.</summary>
    public void WhenInDoubt(Func<Task> act) => _whenInDoubt.Add(act);

    /// <summary>Claims the key until the transaction ends, unless that was done.</summary>
    /// <exception cref="IdempotencyKeyTakenException">The key has a response already, or another request holds it.</exception>
    internal async Task<DatabaseTransaction> ClaimAsync(CancellationToken cancellationToken)
    {
        if (_transaction is { } open)
        {
            return open;
        }

        var request = Request!;
        _transaction = await _database.BeginAsync(cancellationToken);
        var known = (
            await _transaction.QuerySingleOrDefaultAsync<StoredResponse>(
                IdempotencySql.ClaimAndFind,
                new { request.Id, request.Lock },
                cancellationToken
            )
        )!;
        if (known.CreatedAt > _clock.GetStoredNow() - IdempotencyKey.Life)
        {
            throw new IdempotencyKeyTakenException(
                known.Fingerprint.AsSpan().SequenceEqual(request.Fingerprint) ? known : IdempotencyProblems.OfReuse
            );
        }

        if (!known.IsClaimed)
        {
            throw new IdempotencyKeyTakenException(IdempotencyProblems.OfOutstanding);
        }

        if (known.CreatedAt is not null)
        {
            await _transaction.ExecuteAsync(IdempotencySql.Forget, new { request.Id }, cancellationToken);
        }

        return _transaction;
    }

    /// <summary>Commits all that was written, with the response to be stored where the request has a key.</summary>
    /// <param name="response">The parameters of <see cref="IdempotencySql.Store"/>; null without a key.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    internal async Task CommitAsync(object? response, CancellationToken cancellationToken)
    {
        if (_transaction is { } transaction)
        {
            if (_enqueued is var (sql, row))
            {
                await transaction.ExecuteTextAsync(sql, RowParameters.Of(row), cancellationToken);
            }

            await transaction.ExecuteAsync(IdempotencySql.Store, RowParameters.Of(response!), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return;
        }

        List<RowWrite> writes = [];
        if (Request is { } request)
        {
            writes.Add(new(IdempotencySql.Claim, new { KeyId = request.Id, KeyLock = request.Lock }));
        }

        if (_enqueued is not null)
        {
            writes.Add(_enqueued);
        }

        if (response is not null)
        {
            writes.Add(new(IdempotencySql.Store, response));
        }

        if (writes.Count > 0)
        {
            await _database.ExecuteRowsAsync(writes, cancellationToken);
        }
    }

    /// <summary>To be called after the commit.</summary>
    internal Task CommittedAsync() => RunAsync(_whenCommitted);

    /// <summary>To be called when the write failed in a way that leaves open whether it was committed.</summary>
    internal Task InDoubtAsync() => RunAsync(_whenInDoubt);

    /// <summary>Undoes what was not committed, and forgets what the handler has asked for: it may run again.</summary>
    internal async Task ResetAsync()
    {
        _enqueued = null;
        _whenCommitted.Clear();
        _whenInDoubt.Clear();
        if (_transaction is { } transaction)
        {
            _transaction = null;
            await transaction.DisposeAsync();
        }
    }

    private void DemandNothingEnqueued()
    {
        if (_enqueued is not null)
        {
            throw new InvalidOperationException(
                "A handler enqueues one statement and runs none behind it: make one statement of them, or run all by TransactAsync."
            );
        }
    }

    private static async Task RunAsync(List<Func<Task>> acts)
    {
        foreach (var act in acts)
        {
            await act();
        }
    }
}

/// <summary>The key of the request is not free; the handler goes no further.</summary>
/// <param name="response">What to respond with: the first response again, or why not.</param>
internal sealed class IdempotencyKeyTakenException(IResult response) : Exception("The idempotency key is not free.")
{
    public IResult Response => response;
}
