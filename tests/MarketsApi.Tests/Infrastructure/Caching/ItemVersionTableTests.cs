using MarketsApi.Infrastructure.Caching;
using MarketsApi.Infrastructure.Http.Conditional;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Caching;

/// <summary>What a process caches of items, and that an older state never replaces a newer one.</summary>
public sealed class ItemVersionTableTests : IDisposable
{
    private static readonly Guid Id = new("0192f0c4-0000-7000-8000-00000000a11c");

    private readonly ItemVersionTable _known = new(new CacheSettings(), TimeProvider.System);

    public void Dispose() => _known.Dispose();

    [Fact]
    public void A_stored_item_is_found_again()
    {
        var item = Item(1);

        Assert.Same(item, _known.Learn(Id, item, _known.Era));

        Assert.Same(item, _known.FindFresh(Id));
        Assert.Null(_known.FindFresh(Guid.NewGuid()));
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(1, 1)]
    public void A_newer_item_replaces_an_older_one_and_never_the_other_way_round(long version, long revision)
    {
        var newer = Item(version, revision);
        _known.Learn(Id, Item(1), _known.Era);

        Assert.Same(newer, _known.Learn(Id, newer, _known.Era));
        Assert.Same(newer, _known.Learn(Id, Item(1), _known.Era));

        Assert.Same(newer, _known.FindFresh(Id));
    }

    [Fact]
    public void A_mark_removes_the_older_item_and_lets_none_come_back()
    {
        _known.Learn(Id, Item(1), _known.Era);
        _known.Learn(Id, Mark(2), _known.Era);
        Assert.Null(_known.FindFresh(Id));

        var found = _known.Learn(Id, Item(1), _known.Era);

        Assert.False(found.IsResponse);
        Assert.Equal(2, found.Tag.Version);
        Assert.Null(_known.FindFresh(Id));
        var current = Item(2);
        Assert.Same(current, _known.Learn(Id, current, _known.Era));
        Assert.Same(current, _known.FindFresh(Id));
    }

    [Fact]
    public void A_mark_leaves_the_item_of_its_own_version()
    {
        var item = Item(2);
        _known.Learn(Id, item, _known.Era);

        Assert.Same(item, _known.Learn(Id, Mark(2), _known.Era));

        Assert.Same(item, _known.FindFresh(Id));
    }

    [Fact]
    public void What_is_deleted_never_comes_back()
    {
        _known.Learn(Id, Item(1), _known.Era);
        _known.Learn(Id, CacheItem.Deleted(), _known.Era);

        Assert.True(_known.Learn(Id, Item(1_000_000), _known.Era).IsAbsent);
        Assert.True(_known.FindFresh(Id)!.IsAbsent);
    }

    [Fact]
    public void What_does_not_exist_is_replaced_by_what_is_made()
    {
        _known.Learn(Id, CacheItem.Absent(), _known.Era);
        Assert.True(_known.FindFresh(Id)!.IsAbsent);
        var made = Item(1);

        Assert.Same(made, _known.Learn(Id, made, _known.Era));

        Assert.Same(made, _known.Learn(Id, CacheItem.Absent(), _known.Era));
        Assert.Same(made, _known.FindFresh(Id));
    }

    [Fact]
    public void A_private_item_is_not_cached_but_its_version_is()
    {
        _known.Learn(Id, Item(1), _known.Era);
        var mine = CacheItem.Of(new EntityTag(2, 0), "{}"u8.ToArray(), onlyFor: Guid.NewGuid());

        Assert.Same(mine, _known.Learn(Id, mine, _known.Era));

        Assert.Null(_known.FindFresh(Id));
        Assert.Equal(2, _known.Learn(Id, Item(1), _known.Era).Tag.Version);
    }

    [Fact]
    public void Clearing_begins_a_new_era_that_accepts_nothing_read_before_it()
    {
        var era = _known.Era;
        _known.Learn(Id, Item(1), era);

        _known.Clear();

        Assert.NotEqual(era, _known.Era);
        Assert.Null(_known.FindFresh(Id));
        var late = Item(2);
        Assert.Same(late, _known.Learn(Id, late, era));
        Assert.Null(_known.FindFresh(Id));
        _known.Learn(Id, late, _known.Era);
        Assert.Same(late, _known.FindFresh(Id));
    }

    [Fact]
    public void Items_are_used_for_as_long_as_the_settings_say()
    {
        var clock = new MovableClock();
        using var known = new ItemVersionTable(new CacheSettings { MemorySeconds = 10, AbsentSeconds = 30 }, clock);
        var absent = Guid.NewGuid();
        known.Learn(Id, Item(1), known.Era);
        known.Learn(absent, CacheItem.Absent(), known.Era);
        Assert.NotNull(known.FindFresh(Id));

        clock.Advance(TimeSpan.FromSeconds(11));

        Assert.Null(known.FindFresh(Id));
        Assert.NotNull(known.FindFresh(absent));
        Assert.Equal(2, known.Learn(Id, Mark(2), known.Era).Tag.Version);
    }

    [Fact]
    public void Without_memory_only_versions_are_cached()
    {
        using var known = new ItemVersionTable(new CacheSettings { MemoryMegabytes = 0 }, TimeProvider.System);
        known.Learn(Id, Item(2), known.Era);

        Assert.Null(known.FindFresh(Id));
        Assert.Equal(2, known.Learn(Id, Item(1), known.Era).Tag.Version);
    }

    [Fact]
    public async Task Of_many_at_once_the_newest_stays()
    {
        for (var round = 0; round < 200; round++)
        {
            var id = Guid.NewGuid();
            var era = _known.Era;

            await Task.WhenAll(
                Enumerable
                    .Range(1, 16)
                    .OrderBy(_ => Random.Shared.Next())
                    .Select(version => Task.Run(() => _known.Learn(id, Item(version), era)))
            );

            Assert.Equal(16, _known.FindFresh(id)!.Tag.Version);
        }
    }

    private static CacheItem Item(long version, long revision = 0) =>
        CacheItem.Of(new EntityTag(version, revision), "{}"u8.ToArray());

    private static CacheItem Mark(long version) => CacheItem.ChangedTo(new EntityTag(version, 0));
}
