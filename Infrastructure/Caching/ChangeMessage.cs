using System.Globalization;

namespace MarketsApi.Infrastructure.Caching;

/// <summary>What one instance tells the others about a change: <c>kind|instance|nonce|…</c>.</summary>
/// <param name="Instance">The sender.</param>
/// <param name="Nonce">What to confirm it by.</param>
/// <param name="Id">The item; null when it is about everything.</param>
/// <param name="Item">What it became; null when that is not known.</param>
/// <param name="Epoch">The new epoch, in which all cached values are invalid.</param>
internal sealed record ChangeMessage(string Instance, string Nonce, Guid? Id, CacheItem? Item, string? Epoch)
{
    public static string Changed(string instance, string nonce, Guid id, EntityTag tag) =>
        string.Create(CultureInfo.InvariantCulture, $"C|{instance}|{nonce}|{id}|{tag.Version}|{tag.Revision}");

    public static string Deleted(string instance, string nonce, Guid id) => $"D|{instance}|{nonce}|{id}";

    public static string Forgotten(string instance, string nonce, Guid id) => $"F|{instance}|{nonce}|{id}";

    /// <summary>The beginning; the script puts the epoch behind it.</summary>
    public static string Everything(string instance) => $"A|{instance}||";

    /// <summary>Null when the text is not such a message.</summary>
    public static ChangeMessage? Parse(string text)
    {
        var parts = text.Split('|');
        return parts switch
        {
            ["A", var instance, var nonce, var epoch] => new(instance, nonce, null, null, epoch),
            ["C", var instance, var nonce, var id, var version, var revision]
                when Guid.TryParse(id, out var changed)
                    && long.TryParse(version, CultureInfo.InvariantCulture, out var v)
                    && long.TryParse(revision, CultureInfo.InvariantCulture, out var r) => new(
                instance,
                nonce,
                changed,
                CacheItem.ChangedTo(new EntityTag(v, r)),
                null
            ),
            ["D", var instance, var nonce, var id] when Guid.TryParse(id, out var deleted) => new(
                instance,
                nonce,
                deleted,
                CacheItem.Deleted(),
                null
            ),
            ["F", var instance, var nonce, var id] when Guid.TryParse(id, out var forgotten) => new(
                instance,
                nonce,
                forgotten,
                null,
                null
            ),
            _ => null,
        };
    }

    /// <summary>Applies the change to what this process has cached.</summary>
    public void ApplyTo(LocalCache local)
    {
        if (Id is not { } id)
        {
            local.Clear();
        }
        else if (Item is { } item)
        {
            local.NoteChange(id, item);
        }
        else
        {
            local.NoteUnknownChange(id);
        }
    }
}
