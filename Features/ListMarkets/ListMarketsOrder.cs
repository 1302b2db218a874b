using System.Globalization;
using MarketsApi.Features.Shared.Markets;

namespace MarketsApi.Features.ListMarkets;

/// <summary>One order of the list, with its two fragments of SQL; each has an index that serves it.</summary>
/// <param name="Sort">The sort key's name on the wire.</param>
/// <param name="Order">The direction's name on the wire.</param>
/// <param name="OrderBy">The clause; ties go by id in the same direction, so the order is total.</param>
/// <param name="After">The condition that starts behind a cursor: one range of the index, at any depth.</param>
internal sealed record ListMarketsOrder(string Sort, string Order, SqlFragment OrderBy, SqlFragment After)
{
    /// <summary>The filter by the end from below; in the orders by the end on what their index holds, so that it bounds the range that is read.</summary>
    public SqlFragment EndsAfter { get; private init; } = new("AND m.ends_at >= @EndsAfter");

    /// <summary>The filter by the end from above, likewise.</summary>
    public SqlFragment EndsBefore { get; private init; } = new("AND m.ends_at < @EndsBefore");

    /// <summary>What can be sorted by.</summary>
    public static readonly IReadOnlyList<string> Sorts = ["volume", "createdAt", "endsAt", "name"];

    /// <summary>The directions.</summary>
    public static readonly IReadOnlyList<string> Directions = ["asc", "desc"];

    private static readonly ListMarketsOrder[] All =
    [
        new("volume", "asc", new("ORDER BY m.volume, m.id"), new("AND (m.volume, m.id) > (@KeyVolume, @KeyId)")),
        new(
            "volume",
            "desc",
            new("ORDER BY m.volume DESC, m.id DESC"),
            new("AND (m.volume, m.id) < (@KeyVolume, @KeyId)")
        ),
        new(
            "createdAt",
            "asc",
            new("ORDER BY m.created_at, m.id"),
            new("AND (m.created_at, m.id) > (@KeyTime, @KeyId)")
        ),
        new(
            "createdAt",
            "desc",
            new("ORDER BY m.created_at DESC, m.id DESC"),
            new("AND (m.created_at, m.id) < (@KeyTime, @KeyId)")
        ),
        new(
            "endsAt",
            "asc",
            new("ORDER BY coalesce(m.ends_at, 'infinity'), m.id"),
            new("AND (coalesce(m.ends_at, 'infinity'), m.id) > (coalesce(@KeyTime, 'infinity'::timestamptz), @KeyId)")
        )
        {
            EndsAfter = new("AND m.ends_at IS NOT NULL AND coalesce(m.ends_at, 'infinity') >= @EndsAfter"),
            EndsBefore = new("AND m.ends_at IS NOT NULL AND coalesce(m.ends_at, 'infinity') < @EndsBefore"),
        },
        new(
            "endsAt",
            "desc",
            new("ORDER BY coalesce(m.ends_at, '-infinity') DESC, m.id DESC"),
            new("AND (coalesce(m.ends_at, '-infinity'), m.id) < (coalesce(@KeyTime, '-infinity'::timestamptz), @KeyId)")
        )
        {
            EndsAfter = new("AND m.ends_at IS NOT NULL AND coalesce(m.ends_at, '-infinity') >= @EndsAfter"),
            EndsBefore = new("AND m.ends_at IS NOT NULL AND coalesce(m.ends_at, '-infinity') < @EndsBefore"),
        },
        new(
            "name",
            "asc",
            new("ORDER BY m.name COLLATE name_order, m.id"),
            new("AND (m.name COLLATE name_order, m.id) > (@KeyName, @KeyId)")
        ),
        new(
            "name",
            "desc",
            new("ORDER BY m.name COLLATE name_order DESC, m.id DESC"),
            new("AND (m.name COLLATE name_order, m.id) < (@KeyName, @KeyId)")
        ),
    ];

    /// <summary>The order that the request means; the largest and the newest come first, the rest in natural order.</summary>
    public static ListMarketsOrder Of(ListMarketsRequest request)
    {
        var sort = request.Sort ?? "createdAt";
        var order = request.Order ?? (sort is "volume" or "createdAt" ? "desc" : "asc");
        return Array.Find(All, candidate => candidate.Sort == sort && candidate.Order == order)!;
    }

    /// <summary>The cursor behind an item.</summary>
    public Cursor CursorAfter(MarketItem item) =>
        Sort switch
        {
            "volume" => new Cursor(item.Volume.ToString(CultureInfo.InvariantCulture), item.Id),
            "createdAt" => new Cursor(item.CreatedAt, item.Id),
            "endsAt" => new Cursor(item.EndsAt, item.Id),
            _ => new Cursor(item.Name, item.Id),
        };
}
