using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Serialization;
using MarketsApi.Features.Shared.Markets;

namespace MarketsApi.Features.ListMarkets;

/// <summary>A valid request as one statement with its parameters.</summary>
internal sealed class ListMarketsQuery
{
    /// <summary>How many statements are kept, of up to 4 KB each; there are more combinations of filters than anyone uses.</summary>
    private const int MaxComposed = 500;

    /// <summary>Composing one takes as long as a tenth of the whole request.</summary>
    private static readonly ConcurrentDictionary<Shape, SqlText> Composed = new();

    private readonly ListMarketsRequest _request;
    private readonly ListMarketsOrder _order;

    public ListMarketsQuery(ListMarketsRequest request, Caller caller)
    {
        _request = request;
        _order = ListMarketsOrder.Of(request);
        SeesAllDrafts = caller.ActsForAll;
        ViewerId = caller.UserId;
        Ids = IdsOf(request);
    }

    public int Limit => _request.Limit ?? PageLimits.Default;

    /// <summary>One row more than the page holds, to see whether another page follows.</summary>
    public int Take => Limit + 1;

    public int Offset => _request.Offset ?? 0;

    public string? Status => _request.Status;

    public string? Category => _request.Category;

    public Guid? CreatorId => _request.CreatorId;

    public Guid[]? Ids { get; }

    public decimal? MinVolume => _request.MinVolume;

    public decimal? MaxVolume => _request.MaxVolume;

    public DateTime? EndsAfter => _request.EndsAfter;

    public DateTime? EndsBefore => _request.EndsBefore;

    public Guid? ViewerId { get; }

    public bool SeesAllDrafts { get; }

    public Guid KeyId { get; private set; }

    public decimal KeyVolume { get; private set; }

    public DateTime? KeyTime { get; private set; }

    public string? KeyName { get; private set; }

    /// <summary>What a cursor belongs to: this list, its filters and its order, but not the page's size.</summary>
    internal string Binding =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"/api/markets|{Status}|{Category}|{CreatorId}|{string.Join(',', Ids ?? [])}|{MinVolume:0.##}|{MaxVolume:0.##}|{EndsAfter?.Ticks}|{EndsBefore?.Ticks}|{_order.Sort}|{_order.Order}|"
        );

    /// <summary>Whether the right plan depends on the filters' values: where they leave few markets it starts from those, else it walks along the order.</summary>
    public bool IsPlannedByValues =>
        Ids is null
        && (
            _request.HasRangeBesideOrder
            || (CreatorId is not null && (_order.Sort != ListMarketsOrder.Default || Category is not null))
        );

    /// <summary>Whether another caller would get another list.</summary>
    public bool DependsOnCaller => Status == MarketStatus.Draft;

    /// <summary>The whole request in one spelling: requests that differ here may get different responses.</summary>
    public string Text =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Binding}{Limit}|{(_request.Cursor is null ? Offset : -1)}|{_request.Cursor}|{_request.Count == true}"
        );

    /// <summary>The ids of the filter, or null without the filter or when one of them is not a valid UUID.</summary>
    public static Guid[]? IdsOf(ListMarketsRequest request)
    {
        var parts = request.Ids?.Split(',');
        return parts is not null && parts.All(Uuid.IsValid) ? [.. parts.Select(Guid.Parse)] : null;
    }

    /// <summary>Starts behind the request's cursor; false when the cursor doesn't belong to this list.</summary>
    public bool TryContinue()
    {
        if (_request.Cursor is null)
        {
            return true;
        }

        if (Cursor.Decode(_request.Cursor, Binding) is not { } cursor)
        {
            return false;
        }

        KeyId = cursor.Id;
        switch (_order.Sort)
        {
            case "volume":
                KeyVolume = decimal.TryParse(
                    cursor.Key,
                    NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture,
                    out var volume
                )
                    ? volume
                    : -1;
                return ListMarketsValidator.IsAmount(KeyVolume);
            case "name":
                KeyName = cursor.Key;
                return PlainText.IsAllowed(cursor.Key, overLines: false);
            case "endsAt" when cursor.Key.Length == 0:
                return true;
            default:
                KeyTime = cursor.Time;
                return KeyTime is not null;
        }
    }

    /// <summary>The page that these rows make.</summary>
    public Page<MarketItem> PageOf(IReadOnlyList<ListMarketsRow> rows)
    {
        var page = rows.Where(row => row.Id != Guid.Empty).Take(Limit).ToList();
        var hasMore = rows.Count > Limit;
        return new Page<MarketItem>(
            page,
            new PageMeta
            {
                Limit = Limit,
                Offset = _request.Cursor is null ? Offset : null,
                HasMore = hasMore,
                NextCursor = hasMore ? CursorAfter(page[^1]) : null,
                Total = rows is [{ Total: { } total }, ..] ? total : null,
            }
        );
    }

    /// <summary>The cursor that continues behind this item.</summary>
    public string CursorAfter(MarketItem item) => _order.CursorAfter(item).Encode(Binding);

    /// <summary>The statement: the page, and with <c>count</c> the size of the whole list.</summary>
    public SqlText ToSql()
    {
        var shape = new Shape(
            (_order.Sort, _order.Order),
            (Offset > 0, _request.Count == true, _request.Cursor is not null, KeyTime is not null),
            (Status is not null, Status == MarketStatus.Draft, SeesAllDrafts),
            (Category is not null, CreatorId is not null, Ids is not null),
            (MinVolume is not null, MaxVolume is not null, EndsAfter is not null, EndsBefore is not null)
        );
        if (Composed.TryGetValue(shape, out var sql))
        {
            return sql;
        }

        sql = Compose().Done();
        if (Composed.Count < MaxComposed)
        {
            Composed.TryAdd(shape, sql);
        }

        return sql;
    }

    private SqlText Compose()
    {
        var isDraft = Status == MarketStatus.Draft;
        var isOfAnyStatus = Status is null && Ids is null;
        var passesOver = Offset > 0 || IsPlannedByValues;
        SqlFragment ranges = (isOfAnyStatus, _order.AfterOpenEnd is not null) switch
        {
            (false, false) => new(ListMarketsSql.OfOneStatus),
            (false, true) => new(ListMarketsSql.OfOneStatusByEnd),
            (true, false) => new(ListMarketsSql.OfAnyPublicStatus),
            (true, true) => new(ListMarketsSql.OfAnyPublicStatusByEnd),
        };
        return AfterCursor(
                new SqlText(
                    _request.Count == true
                        ? new SqlFragment(ListMarketsSql.SelectCountedPage)
                        : new SqlFragment(ListMarketsSql.SelectPage)
                )
                    .Put("/* page */", passesOver ? new(ListMarketsSql.PageById) : new(ListMarketsSql.Page))
                    .Put("/* ranges */", ranges)
                    .Put("/* columns */", passesOver ? new("m.id") : new(MarketSql.ItemColumns))
            )
            .Put("/* key */", _order.Key)
            .Put("/* direction */", _order.Direction)
            .Put("/* nulls */", _order.AfterOpenEnd is null ? new("") : new("NULLS LAST"))
            .Put("/* most */", Offset > 0 ? new(PageLimits.MaxRowsWithOffset) : new(PageLimits.MaxRows))
            .AddIf(Status is null, "AND m.status <> 'draft'")
            .AddIf(isDraft, "AND m.status = 'draft'")
            .AddIf(isDraft && !SeesAllDrafts, "AND m.creator_id = @ViewerId")
            .AddIf(!isDraft && Status is not null, "AND m.status = @Status")
            .AddIf(Category is not null, "AND m.category = @Category")
            .AddIf(CreatorId is not null, "AND m.creator_id = @CreatorId")
            .AddIf(Ids is not null, "AND m.id = ANY(@Ids)")
            .AddIf(MinVolume is not null, "AND m.volume >= @MinVolume")
            .AddIf(MaxVolume is not null, "AND m.volume <= @MaxVolume")
            .AddIf(EndsAfter is not null, "AND m.ends_at >= @EndsAfter")
            .AddIf(EndsBefore is not null, "AND m.ends_at < @EndsBefore");
    }

    private SqlText AfterCursor(SqlText sql) =>
        (_request.Cursor, KeyTime, _order.AfterOpenEnd) switch
        {
            (null, _, _) => sql,
            (_, null, { } afterOpenEnd) => sql.Put("/* after */", new("AND false"))
                .Put("/* after open end */", afterOpenEnd),
            _ => sql.Put("/* after */", _order.After),
        };

    /// <summary>All that the statement's text depends on.</summary>
    private readonly record struct Shape(
        (string, string) Order,
        (bool, bool, bool, bool) Page,
        (bool, bool, bool) Status,
        (bool, bool, bool) Scope,
        (bool, bool, bool, bool) Ranges
    );
}

/// <summary>A row of the list's statement; on an empty page that is counted, one without a market.</summary>
internal sealed record ListMarketsRow : MarketItem
{
    /// <summary>The size of the whole list, when it is counted.</summary>
    [JsonIgnore]
    public long? Total { get; init; }
}
