using System.Globalization;
using MarketsApi.Features.Shared.Markets;

namespace MarketsApi.Features.ListMarkets;

/// <summary>One order of the list, with its fragments of SQL; indexes serve each.</summary>
/// <param name="Sort">The sort key's name on the wire.</param>
/// <param name="Order">The direction's name on the wire.</param>
/// <param name="Key">The sort key; ties go by id in the same direction, so the order is total.</param>
/// <param name="After">The condition that starts behind a cursor: one range of an index, at any depth.</param>
internal sealed record ListMarketsOrder(string Sort, string Order, SqlFragment Key, SqlFragment After)
{
    /// <summary>The condition that starts behind an open-ended market, among those; null where each market has a key.</summary>
    public SqlFragment? AfterOpenEnd { get; private init; }

    public SqlFragment Direction => Order == "desc" ? new("DESC") : new("");

    /// <summary>What is sorted by unless a request says otherwise.</summary>
    public const string Default = "createdAt";

    /// <summary>What can be sorted by.</summary>
    public static readonly IReadOnlyList<string> Sorts = ["volume", Default, "endsAt", "name"];

    /// <summary>The directions.</summary>
    public static readonly IReadOnlyList<string> Directions = ["asc", "desc"];

    private static readonly ListMarketsOrder[] All =
    [
        new("volume", "asc", new("m.volume"), new("AND (m.volume, m.id) > (@KeyVolume, @KeyId)")),
        new("volume", "desc", new("m.volume"), new("AND (m.volume, m.id) < (@KeyVolume, @KeyId)")),
        new(Default, "asc", new("m.created_at"), new("AND (m.created_at, m.id) > (@KeyTime, @KeyId)")),
        new(Default, "desc", new("m.created_at"), new("AND (m.created_at, m.id) < (@KeyTime, @KeyId)")),
        new("endsAt", "asc", new("m.ends_at"), new("AND (m.ends_at, m.id) > (@KeyTime, @KeyId)"))
        {
            AfterOpenEnd = new("AND m.id > @KeyId"),
        },
        new("endsAt", "desc", new("m.ends_at"), new("AND (m.ends_at, m.id) < (@KeyTime, @KeyId)"))
        {
            AfterOpenEnd = new("AND m.id < @KeyId"),
        },
        new(
            "name",
            "asc",
            new("m.name COLLATE name_order"),
            new("AND (m.name COLLATE name_order, m.id) > (@KeyName, @KeyId)")
        ),
        new(
            "name",
            "desc",
            new("m.name COLLATE name_order"),
            new("AND (m.name COLLATE name_order, m.id) < (@KeyName, @KeyId)")
        ),
    ];

    /// <summary>The order that the request means; the largest and the newest come first, the rest in natural order.</summary>
    public static ListMarketsOrder Of(ListMarketsRequest request)
    {
        var sort = request.Sort ?? Default;
        var order = request.Order ?? (sort is "volume" or Default ? "desc" : "asc");
        return Array.Find(All, candidate => candidate.Sort == sort && candidate.Order == order)!;
    }

    /// <summary>The cursor behind an item.</summary>
    public Cursor CursorAfter(MarketItem item) =>
        Sort switch
        {
            "volume" => new Cursor(item.Volume.ToString(CultureInfo.InvariantCulture), item.Id),
            Default => new Cursor(item.CreatedAt, item.Id),
            "endsAt" => new Cursor(item.EndsAt, item.Id),
            _ => new Cursor(item.Name, item.Id),
        };
}
