using FsCheck;
using FsCheck.Fluent;
using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.ListMarkets;

public sealed class ListMarketsPropertyTests(UncachedLists api) : IClassFixture<UncachedLists>
{
    private static readonly User Caller = new(AnyListing.Caller, "user", "Caller");

    /// <remarks>A failure comes with its seed, shrunk to the fewest markets.</remarks>
    [Fact]
    public async Task Any_list_is_the_same_by_cursor_by_offset_and_by_plain_reckoning() =>
        await Task.Run(
            () =>
                Check.One(
                    Config.QuickThrowOnFailure.WithMaxTest(60).WithStartSize(1).WithEndSize(100),
                    Prop.ForAll(
                        Arb.From(AnyListing.Generator, listing => listing.Shrink()),
                        listing => HoldsAsync(listing).GetAwaiter().GetResult()
                    )
                ),
            TestContext.Current.CancellationToken
        );

    private async Task HoldsAsync(AnyListing listing)
    {
        await api.Database.ExecuteAsync("DELETE FROM markets");
        await api.PutAsync(listing.Rows);
        var expected = listing.Expected().Select(row => row.Id).ToList();
        var query = $"{listing.ToQuery()}&limit={listing.Limit}".TrimStart('&');

        var walked = await api.WalkAsync(query, Caller);
        var page = await api.ListAsync($"{query}&offset={listing.Offset}&count=true", Caller);

        Assert.Equal(expected, walked);
        Assert.Equal(expected.Skip(listing.Offset).Take(listing.Limit), page.Ids());
        Assert.Equal(expected.Count, page.Meta().GetProperty("total").GetInt32());
        Assert.Equal(listing.Offset + listing.Limit < expected.Count, page.NextCursor() is not null);
    }

    [Fact]
    public async Task A_walk_misses_and_repeats_nothing_while_markets_are_added()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var category = Listing.NewCategory();
        MarketRow[] present = [.. Enumerable.Range(0, 150).Select(_ => NewRow())];
        await api.PutAsync(present);
        var added = 0;
        using var stop = new CancellationTokenSource();
        var adding = AddAsync();

        var addedDuringWalks = new List<int>();
        do
        {
            foreach (var (sort, order) in Listing.Orders)
            {
                var addedBefore = added;
                var ids = await api.WalkAsync($"category={category}&sort={sort}&order={order}&limit=25");
                addedDuringWalks.Add(added - addedBefore);

                Assert.True(ids.Distinct().Count() == ids.Count, $"{sort} {order} repeats markets; seed {seed}");
                var missed = present.Count(row => !ids.Contains(row.Id));
                Assert.True(missed == 0, $"{sort} {order} misses {missed} markets; seed {seed}");
            }
        }
        // On a busy machine nothing may have been added meanwhile.
        while (addedDuringWalks.TrueForAll(count => count == 0) && !adding.IsCompleted);

        await stop.CancelAsync();
        await adding;
        Assert.Contains(addedDuringWalks, count => count > 0);

        async Task AddAsync()
        {
            while (!stop.IsCancellationRequested && added < 3_000)
            {
                await api.PutAsync([.. Enumerable.Range(0, 10).Select(_ => NewRow())]);
                added += 10;
            }
        }

        MarketRow NewRow() =>
            new()
            {
                Category = category,
                Volume = random.Next(20),
                CreatedAt = MarketRow.Noon.AddMicroseconds(random.Next(20)),
                EndsAt = random.Next(4) == 0 ? null : MarketRow.Noon.AddMicroseconds(random.Next(20)),
                Name = $"Name {random.Next(20):D2}",
            };
    }
}
