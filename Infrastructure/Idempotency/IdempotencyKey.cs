using System.Buffers;

namespace MarketsApi.Infrastructure.Idempotency;

/// <summary>A name that a caller gives to a request, so that it can be sent again without being done twice (draft-ietf-httpapi-idempotency-key-header).</summary>
/// <remarks>The draft's quoted form is taken as it is, quotes included, so that plain and quoted keys both work.</remarks>
public static class IdempotencyKey
{
    /// <summary>The request header.</summary>
    public const string Header = "Idempotency-Key";

    /// <summary>The header of an answer that is a first answer given again.</summary>
    public const string ReplayedHeader = "Idempotency-Replayed";

    /// <summary>How long first answers are kept.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(24);

    private const int MaxLength = 255;

    private static readonly SearchValues<char> Printable = SearchValues.Create([
        .. Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code),
    ]);

    /// <summary>1 to 255 printable ASCII characters without blanks.</summary>
    public static bool IsValid(string? text) =>
        text is { Length: >= 1 and <= MaxLength } && !text.AsSpan().ContainsAnyExcept(Printable);
}
