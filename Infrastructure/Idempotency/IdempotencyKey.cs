using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace MarketsApi.Infrastructure.Idempotency;

/// <summary>A name that a caller gives to a request, so that it can be sent again without being done twice (draft-ietf-httpapi-idempotency-key-header).</summary>
/// <remarks>The draft's quoted form is taken as it is, quotes included, so that plain and quoted keys both work.</remarks>
public static class IdempotencyKey
{
    /// <summary>The request header.</summary>
    public const string Header = "Idempotency-Key";

    /// <summary>The header of a response that is a first response returned again.</summary>
    public const string ReplayedHeader = "Idempotency-Replayed";

    /// <summary>How long first responses are stored.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(24);

    private const int MaxLength = 255;

    private static readonly SearchValues<char> Printable = SearchValues.Create([
        .. Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code),
    ]);

    /// <summary>1 to 255 printable ASCII characters without blanks.</summary>
    public static bool IsValid(string? text) =>
        text is { Length: >= 1 and <= MaxLength } && !text.AsSpan().ContainsAnyExcept(Printable);
}

/// <summary>The kinds of problem of draft-ietf-httpapi-idempotency-key-header, section 2.7.</summary>
public static class IdempotencyProblems
{
    /// <summary>The Retry-After, in seconds, while the first request is under way: most take milliseconds.</summary>
    private const int RetryAfterSeconds = 1;

    /// <summary>The first request with this key has no response yet; worth another try after Retry-After seconds.</summary>
    public static readonly Problem Outstanding = new(
        409,
        "idempotency-key-outstanding",
        "A request is outstanding for this Idempotency-Key"
    );

    /// <summary>The key was used for a request with another body.</summary>
    public static readonly Problem Reused = new(
        422,
        "idempotency-key-reused",
        "Idempotency-Key is already used for another request"
    );

    internal static ProblemResult OfOutstanding { get; } =
        ProblemResult.Of(
            Outstanding,
            "The first request with this Idempotency-Key is still running; send it again in a moment",
            RetryAfterSeconds
        );

    internal static ProblemResult OfReuse { get; } =
        ProblemResult.Of(
            Reused,
            "This Idempotency-Key was used for a request with another body; send a new key with a new request"
        );
}

/// <summary>A request with an Idempotency-Key.</summary>
/// <param name="Id">What its first response is stored under.</param>
/// <param name="Lock">The advisory lock that is held while it is worked on.</param>
/// <param name="Fingerprint">SHA-256 of the body's bytes.</param>
internal sealed record IdempotentRequest(Guid Id, long Lock, byte[] Fingerprint)
{
    /// <summary>The same caller, method, path and key give the same id and lock; 128 bits of SHA-256 keep others apart.</summary>
    public static IdempotentRequest Of(Guid callerId, string method, string path, string key, ReadOnlySpan<byte> body)
    {
        // Routes are the same in either case and with a slash at the end; no part can hold a line break.
        var named = string.Join('\n', callerId.ToString("N"), method, path.TrimEnd('/').ToLowerInvariant(), key);
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(named));
        return new(
            new Guid(hash.AsSpan(0, 16), bigEndian: true),
            BinaryPrimitives.ReadInt64BigEndian(hash.AsSpan(16)),
            SHA256.HashData(body)
        );
    }
}
