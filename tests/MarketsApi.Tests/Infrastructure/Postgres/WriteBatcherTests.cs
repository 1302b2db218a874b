using System.Diagnostics.Metrics;
using MarketsApi.Infrastructure.Postgres;
using MarketsApi.Infrastructure.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Postgres;

/// <summary>Which rows go together and who hears what of it. A statement runs here until the test ends it.</summary>
public sealed class WriteBatcherTests
{
    private const int MaxRows = 32;

    private static readonly ServiceProvider Services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    private readonly WriteBatcher _batcher = new(
        new DatabaseSettings { MaxWaiting = 100, MaxWaitMilliseconds = 600 },
        TimeProvider.System,
        Services.GetRequiredService<IMeterFactory>()
    );
    private readonly List<Statement> _statements = [];
    private readonly RateLimitCaller _one = RateLimitCaller.Of(Guid.NewGuid());
    private readonly RateLimitCaller _other = RateLimitCaller.Of(Guid.NewGuid());

    [Fact]
    public async Task Two_rows_go_by_themselves_and_what_arrives_meanwhile_goes_in_one_statement()
    {
        var writes = Write("a", "b", "c", "d", "e");
        Assert.Equal(["a", "b"], Sent);

        _statements[0].End();

        await UntilSentAsync("a", "b", "c,d,e");
        _statements[2].End();
        _statements[1].End();
        Assert.Equal(["a!", "b!", "c!", "d!", "e!"], await Task.WhenAll(writes));
        Assert.Equal("f!", await EndedAsync("f", after: 3));
    }

    [Fact]
    public async Task Of_more_than_fit_callers_take_turns()
    {
        Write("a", "b");
        var many = Enumerable.Range(0, MaxRows + 3).Select(i => $"m{i}").ToArray();
        Write(many);
        var late = WriteAsync("late", _other);

        _statements[0].End();

        await UntilAsync(() => _statements.Count == 3);
        Assert.Equal([many[0], "late", .. many[1..(MaxRows - 1)]], _statements[2].Rows);
        _statements[2].End();
        Assert.Equal("late!", await late);
        await UntilAsync(() => _statements.Count == 4);
        Assert.Equal(many[(MaxRows - 1)..], _statements[3].Rows);
    }

    [Fact]
    public async Task Rows_of_a_batch_that_was_undone_go_by_themselves_and_only_the_wrong_one_fails()
    {
        var writes = Write("a", "b", "c", "wrong", "e");
        _statements[0].End();
        await UntilSentAsync("a", "b", "c,wrong,e");

        _statements[2].Fail(Rejected());

        await UntilAsync(() => _statements.Count == 6);
        Assert.Equal(["c", "e", "wrong"], Sent.Skip(3).Order());
        foreach (var statement in _statements.Skip(3))
        {
            if (statement.Rows is ["wrong"])
            {
                statement.Fail(Rejected());
            }
            else
            {
                statement.End();
            }
        }

        Assert.Equal("c!", await writes[2]);
        await Assert.ThrowsAsync<PostgresException>(() => writes[3]);
        Assert.Equal("e!", await writes[4]);
    }

    [Fact]
    public async Task A_row_for_which_a_batch_did_nothing_goes_by_itself_to_hear_why()
    {
        var writes = Write("a", "b", "c", "none", "e");
        _statements[0].End();
        await UntilSentAsync("a", "b", "c,none,e");

        _statements[2].End();

        await UntilSentAsync("a", "b", "c,none,e", "none");
        _statements[3].End();
        Assert.Equal(["c!", null, "e!"], await Task.WhenAll(writes[2..]));
    }

    [Fact]
    public async Task What_may_have_been_done_is_not_done_again()
    {
        var writes = Write("a", "b", "c", "d");
        _statements[0].End();
        await UntilSentAsync("a", "b", "c,d");

        _statements[2].Fail(new NpgsqlException("The connection broke."));

        await Assert.ThrowsAsync<NpgsqlException>(() => writes[2]);
        await Assert.ThrowsAsync<NpgsqlException>(() => writes[3]);
        Assert.Equal(3, _statements.Count);
    }

    [Fact]
    public async Task Who_gives_up_before_is_left_out_and_who_gives_up_later_stops_nobody_else()
    {
        Write("a", "b");
        using var early = new CancellationTokenSource();
        using var leader = new CancellationTokenSource();
        using var last = new CancellationTokenSource();
        var left = WriteAsync("left", _one, early.Token);
        var leads = WriteAsync("leads", _one, leader.Token);
        var stays = WriteAsync("stays", _one, last.Token);
        await early.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        _statements[0].End();
        await UntilSentAsync("a", "b", "leads,stays");

        await leader.CancelAsync();
        Assert.False(_statements[2].Token.IsCancellationRequested);
        await last.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leads);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stays);
        Assert.Equal("f!", await EndedAsync("f", after: 3));
    }

    [Fact]
    public async Task What_is_stuck_is_passed()
    {
        var stuck = Write("a", "b");
        var waits = Write("c", "d");

        await UntilSentAsync("a", "b", "c,d");
        _statements[2].End();
        Assert.Equal(["c!", "d!"], await Task.WhenAll(waits));
        Assert.All(stuck, write => Assert.False(write.IsCompleted));
    }

    [Fact]
    public async Task Nobody_waits_longer_than_for_a_connection()
    {
        Write([.. Enumerable.Range(0, 100).Select(i => $"m{i}")]);

        await UntilAsync(() => _statements.Sum(statement => statement.Rows.Length) == 100);

        // Nothing ended: the first two went by themselves, a batch each time that those were stuck, and the last by themselves again.
        Assert.InRange(_statements.Count(statement => statement.Rows.Length == 1), 3, 50);
    }

    [Fact]
    public async Task Where_too_many_wait_a_row_goes_by_itself()
    {
        Write([.. Enumerable.Range(0, 102).Select(i => $"m{i}")]);
        Assert.Equal(["m0", "m1"], Sent);

        var write = WriteAsync("one more", _one);

        await UntilSentAsync("m0", "m1", "one more");
        _statements[2].End();
        Assert.Equal("one more!", await write);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IEnumerable<string> Sent => _statements.Select(statement => string.Join(',', statement.Rows));

    private static PostgresException Rejected() => new("wrong", "ERROR", "ERROR", PostgresErrorCodes.CheckViolation);

    private List<Task<string?>> Write(params string[] rows) => [.. rows.Select(row => WriteAsync(row, _one))];

    private Task<string?> WriteAsync(string row, RateLimitCaller caller, CancellationToken? cancellationToken = null) =>
        _batcher.SendAsync(
            new RowWrite.Key("INSERT", 1),
            row,
            caller,
            (rows, token) => RunAsync([.. rows.Cast<string>()], token),
            async () => (await RunAsync([row], CancellationToken.None))[0],
            cancellationToken ?? Cancel
        );

    private async Task<string?[]> RunAsync(string[] rows, CancellationToken token)
    {
        var statement = new Statement(rows, token);
        lock (_statements)
        {
            _statements.Add(statement);
        }

        await statement.Ended;
        return [.. rows.Select(row => row == "none" ? null : row + "!")];
    }

    /// <summary>Writes one more row, after so many statements, and ends its statement.</summary>
    private async Task<string?> EndedAsync(string row, int after)
    {
        await UntilAsync(() => _statements.Count == after);
        var write = WriteAsync(row, _one);
        await UntilAsync(() => _statements.Count > after);
        _statements[^1].End();
        return await write;
    }

    private async Task UntilSentAsync(params string[] statements)
    {
        await UntilAsync(() => _statements.Count >= statements.Length);
        Assert.Equal(statements, Sent);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; !condition(); i++)
        {
            Assert.True(i < 1000, "It never came to that.");
            await Task.Delay(5, Cancel);
        }
    }

    private sealed class Statement
    {
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Statement(string[] rows, CancellationToken token)
        {
            (Rows, Token) = (rows, token);
            token.Register(() => _end.TrySetCanceled(token));
        }

        public string[] Rows { get; }

        public CancellationToken Token { get; }

        public Task Ended => _end.Task;

        public void End() => _end.TrySetResult();

        public void Fail(Exception exception) => _end.TrySetException(exception);
    }
}
