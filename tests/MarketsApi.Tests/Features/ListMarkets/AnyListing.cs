using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using MarketsApi.Tests.Features.Shared;

namespace MarketsApi.Tests.Features.ListMarkets;

/// <summary>Some markets, with many ties, and a way for one of their creators to list them.</summary>
internal sealed record AnyListing
{
    public static readonly Guid Caller = new("a0000000-0000-7000-8000-000000000001");

    private static readonly Guid[] Creators = [Caller, new("b0000000-0000-7000-8000-000000000002")];
    private static readonly string[] Statuses = ["active", "active", "active", "closed", "resolved", "draft"];
    private static readonly string?[] Categories = [null, "sports", "sports-2"];
    private static readonly decimal[] Volumes = [0, 0.01m, 1, 1.5m, 100];
    private static readonly DateTime[] Times =
    [
        MarketRow.Noon,
        MarketRow.Noon.AddMicroseconds(1),
        MarketRow.Noon.AddDays(1),
    ];
    private static readonly DateTime?[] Ends = [null, .. Times];
    private static readonly string[] Names = ["abc", "ABC", "ábc", "abcd", "Abd", "ab1", "ÁBD", "zzz"];

    public required IReadOnlyList<MarketRow> Rows { get; init; }
    public string? Sort { get; init; }
    public string? Order { get; init; }
    public int Limit { get; init; }
    public int Offset { get; init; }
    public string? Status { get; init; }
    public string? Category { get; init; }
    public Guid? CreatorId { get; init; }
    public decimal? MinVolume { get; init; }
    public decimal? MaxVolume { get; init; }
    public DateTime? EndsAfter { get; init; }
    public DateTime? EndsBefore { get; init; }
    public IReadOnlyList<Guid>? Ids { get; init; }

    /// <summary>Up to about a hundred markets, and a request that is valid; each filter is there one time in four.</summary>
    public static Gen<AnyListing> Generator { get; } =
        from rows in RowGenerator().ListOf()
        from sort in Sometimes(["volume", "createdAt", "endsAt", "name"], 4)
        from order in Sometimes(["asc", "desc"], 2)
        from limit in Gen.Choose(1, 12)
        from offset in Gen.Choose(0, 30)
        from status in Sometimes(Statuses)
        from category in Sometimes(["sports", "sports-2", "none"])
        from creator in Sometimes([Creators[0].ToString(), Creators[1].ToString()])
        from volumes in Gen.Two(Sometimes([.. Volumes.Select(Text)]))
        from ends in Gen.Two(Sometimes([.. Times.Select(time => time.ToString("O"))]))
        from byIds in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
        from chosen in Gen.SubListOf(rows.Select(row => row.Id))
        select new AnyListing
        {
            Rows = [.. rows],
            Sort = sort,
            Order = order,
            Limit = limit,
            Offset = offset,
            Status = status,
            Category = category,
            CreatorId = creator is null ? null : Guid.Parse(creator),
            MinVolume = Lesser(Number(volumes.Item1), Number(volumes.Item2)),
            MaxVolume = Number(volumes.Item2),
            EndsAfter = Lesser(Time(ends.Item1), Time(ends.Item2)),
            EndsBefore = Time(ends.Item2),
            Ids = byIds ? [.. chosen.Take(99).Append(Guid.Empty)] : null,
        };

    /// <summary>The whole list, by the contract.</summary>
    public IEnumerable<MarketRow> Expected()
    {
        var isDescending = Order is null ? Sort is null or "volume" or "createdAt" : Order == "desc";
        return ReferenceOrder.Of(Rows.Where(IsListed), Sort ?? "createdAt", isDescending ? "desc" : "asc");
    }

    /// <summary>The request's query string, without its page.</summary>
    public string ToQuery()
    {
        (string Name, string? Value)[] parameters =
        [
            ("sort", Sort),
            ("order", Order),
            ("status", Status),
            ("category", Category),
            ("creatorId", CreatorId?.ToString()),
            ("minVolume", MinVolume is { } minimum ? Text(minimum) : null),
            ("maxVolume", MaxVolume is { } maximum ? Text(maximum) : null),
            ("endsAfter", EndsAfter?.ToString("O")),
            ("endsBefore", EndsBefore?.ToString("O")),
            ("ids", Ids is null ? null : string.Join(',', Ids)),
        ];
        return string.Join('&', parameters.Where(p => p.Value is not null).Select(p => $"{p.Name}={p.Value}"));
    }

    /// <summary>The same with half of the markets, or without one of them: what a failure is brought down to.</summary>
    public IEnumerable<AnyListing> Shrink()
    {
        if (Rows.Count > 3)
        {
            yield return this with
            {
                Rows = [.. Rows.Take(Rows.Count / 2)],
            };
            yield return this with
            {
                Rows = [.. Rows.Skip(Rows.Count / 2)],
            };
        }

        for (var i = 0; i < Rows.Count; i++)
        {
            yield return this with
            {
                Rows = [.. Rows.Where((_, index) => index != i)],
            };
        }
    }

    public override string ToString() => $"?{ToQuery()}&limit={Limit}&offset={Offset} of\n{string.Join('\n', Rows)}";

    private bool IsListed(MarketRow row) =>
        (Status is null ? row.Status != "draft" : row.Status == Status)
        && (row.Status != "draft" || row.CreatorId == Caller)
        && (Category is null || row.Category == Category)
        && (CreatorId is null || row.CreatorId == CreatorId)
        && (Ids is null || Ids.Contains(row.Id))
        && (MinVolume is null || row.Volume >= MinVolume)
        && (MaxVolume is null || row.Volume <= MaxVolume)
        && (EndsAfter is null || row.EndsAt >= EndsAfter)
        && (EndsBefore is null || row.EndsAt < EndsBefore);

    private static Gen<MarketRow> RowGenerator() =>
        from id in ArbMap.Default.GeneratorFor<Guid>()
        from name in Gen.Elements(Names)
        from category in Gen.Elements(Categories)
        from status in Gen.Elements(Statuses)
        from volume in Gen.Elements(Volumes)
        from endsAt in Gen.Elements(Ends)
        from createdAt in Gen.Elements(Times)
        from creator in Gen.Elements(Creators)
        select new MarketRow
        {
            Id = id,
            Name = name,
            Category = category,
            Status = status,
            Volume = volume,
            EndsAt = endsAt,
            CreatedAt = createdAt,
            CreatorId = creator,
        };

    private static Gen<string?> Sometimes(IReadOnlyList<string> values, int weight = 1) =>
        Gen.Frequency((3, Gen.Constant<string?>(null)), (weight, Gen.Elements<string?>(values)));

    private static string Text(decimal value) => value.ToString(CultureInfo.InvariantCulture);

    private static decimal? Number(string? text) =>
        text is null ? null : decimal.Parse(text, CultureInfo.InvariantCulture);

    private static DateTime? Time(string? text) =>
        text is null ? null : DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);

    /// <summary>The lower bound of a range that is not inverted.</summary>
    private static T? Lesser<T>(T? lower, T? upper)
        where T : struct, IComparable<T> =>
        lower is { } low && upper is { } high && low.CompareTo(high) > 0 ? upper : lower;
}
