using MarketsApi.Infrastructure.Postgres;
using MarketsApi.Infrastructure.RateLimiting;
using MarketsApi.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Postgres;

/// <summary>Who gets a connection, and in which turn; here of eight, four for each caller.</summary>
public sealed class ConnectionLimiterTests : IAsyncDisposable
{
    private const int Connections = 8;

    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(
        $"Host=localhost;Maximum Pool Size={Connections + 1}"
    );

    private readonly ConnectionUse _one = UseOfNewCaller();
    private readonly ConnectionUse _other = UseOfNewCaller();

    [Fact]
    public async Task One_caller_has_half_of_the_connections()
    {
        var limiter = Limiter();
        var entries = Enumerable.Range(0, Connections).Select(_ => limiter.EnterAsync(_one, Cancel)).ToList();

        Assert.Equal(4, entries.Count(entry => entry.IsCompletedSuccessfully));
        Assert.True(limiter.EnterAsync(_other, Cancel).IsCompletedSuccessfully);

        limiter.Leave(_one);

        await entries[4];
        Assert.Equal(5, entries.Count(entry => entry.IsCompletedSuccessfully));
    }

    [Fact]
    public async Task A_caller_s_dear_requests_have_few_places_and_no_others_wait_for_them()
    {
        var limiter = Limiter(maxDear: 2);
        var dear = Enumerable
            .Range(0, Connections)
            .Select(_ => limiter.EnterAsync(_one with { IsDear = true }, Cancel))
            .ToList();

        Assert.Equal(2, dear.Count(entry => entry.IsCompletedSuccessfully));
        Assert.True(limiter.EnterAsync(_one, Cancel).IsCompletedSuccessfully);
        Assert.True(limiter.EnterAsync(_other, Cancel).IsCompletedSuccessfully);
        Assert.True(limiter.EnterAsync(_other with { IsDear = true }, Cancel).IsCompletedSuccessfully);

        limiter.Leave(_one);
        Assert.False(dear[2].IsCompleted);
        limiter.Leave(_one with { IsDear = true });

        await dear[2];
        Assert.Equal(3, dear.Count(entry => entry.IsCompletedSuccessfully));
    }

    [Fact]
    public async Task A_connection_goes_to_the_callers_in_turn_however_many_requests_of_one_wait()
    {
        var limiter = Limiter();
        var first = UseOfNewCaller();
        for (var i = 0; i < Connections; i++)
        {
            Assert.True(limiter.EnterAsync(i % 2 == 0 ? first : UseOfNewCaller(), Cancel).IsCompletedSuccessfully);
        }

        var order = new List<string>();
        List<Task> entries =
        [
            EnterAsync("one", _one),
            EnterAsync("one", _one),
            EnterAsync("one", _one),
            EnterAsync("other", _other),
        ];

        while (entries.Count > 0)
        {
            limiter.Leave(first);
            entries.Remove(await Task.WhenAny(entries));
        }

        Assert.Equal(["one", "other", "one", "one"], order);

        async Task EnterAsync(string name, ConnectionUse use)
        {
            await limiter.EnterAsync(use, Cancel);
            order.Add(name);
        }
    }

    [Fact]
    public async Task A_caller_whose_wait_timed_out_causes_no_other_rejections()
    {
        var limiter = Limiter();
        for (var i = 0; i < 4; i++)
        {
            Assert.True(limiter.EnterAsync(_one, Cancel).IsCompletedSuccessfully);
        }

        await Assert.ThrowsAsync<DatabaseBusyException>(() => limiter.EnterAsync(_one, Cancel));

        Assert.True(limiter.EnterAsync(_other, Cancel).IsCompletedSuccessfully);
        // Nothing came back while it waited: the next ones fail fast until something does.
        Assert.True(limiter.EnterAsync(_one, Cancel).IsFaulted);
        limiter.Leave(_other);
        Assert.False(limiter.EnterAsync(_one, Cancel).IsCompleted);
    }

    [Fact]
    public async Task Places_of_those_who_give_up_are_not_lost()
    {
        var limiter = Limiter();
        using var leaving = new CancellationTokenSource();
        for (var i = 0; i < 4; i++)
        {
            Assert.True(limiter.EnterAsync(_one, Cancel).IsCompletedSuccessfully);
        }

        var leaves = limiter.EnterAsync(_one, leaving.Token);
        var stays = limiter.EnterAsync(_one, Cancel);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaves);
        Assert.False(stays.IsCompleted);

        limiter.Leave(_one);

        await stays;
    }

    [Fact]
    public void Jobs_wait_in_a_line_of_their_own_for_as_long_as_it_takes()
    {
        var limiter = Limiter(maxWaiting: 0);
        for (var i = 0; i < Connections; i++)
        {
            Assert.True(limiter.EnterAsync(ConnectionUse.OfJobs, Cancel).IsCompletedSuccessfully);
        }

        Assert.False(limiter.EnterAsync(ConnectionUse.OfJobs, Cancel).IsCompleted);
        Assert.True(limiter.EnterAsync(ConnectionUse.OfProgram, Cancel).IsFaulted);
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static ConnectionUse UseOfNewCaller() =>
        new(RateLimitCaller.Of(Guid.NewGuid()), IsDear: false, ConnectionWait.Limited);

    private ConnectionLimiter Limiter(int maxWaiting = 10, int maxDear = 2) =>
        new(
            _source,
            new DatabaseSettings
            {
                MaxDearPerCaller = maxDear,
                MaxWaiting = maxWaiting,
                MaxWaitMilliseconds = 200,
            },
            new MovableClock(),
            NullLogger<ConnectionLimiter>.Instance
        );
}
