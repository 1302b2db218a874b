using System.Buffers;
using System.Diagnostics;

namespace MarketsApi.Infrastructure.Observability;

/// <summary>The id that ties a response to its log lines.</summary>
internal static class RequestId
{
    public const string Header = "X-Request-Id";

    private static readonly SearchValues<char> Sane = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"
    );

    /// <summary>The id of this request, once <see cref="Assign"/> has run.</summary>
    public static string Of(HttpContext context) => context.TraceIdentifier;

    /// <summary>Takes over the caller's own id when it is 1 to 64 harmless characters, else makes a new one.</summary>
    /// <returns>The id, when it is new.</returns>
    public static string? Assign(HttpContext context)
    {
        var sent = context.Request.Headers[Header];
        if (sent is [{ Length: >= 1 and <= 64 } own] && !own.AsSpan().ContainsAnyExcept(Sane))
        {
            context.TraceIdentifier = own;
            return null;
        }

        return context.TraceIdentifier = IdOfOwnTrace() ?? Create();
    }

    /// <summary>The id of the trace that begins with this request; one that a caller has begun may have other requests.</summary>
    private static string? IdOfOwnTrace() =>
        Activity.Current is { HasRemoteParent: false, Parent: null } activity ? activity.TraceId.ToHexString() : null;

    /// <summary>It has to be unique rather than secret, so a generator without system calls is enough.</summary>
    private static string Create()
    {
        Span<byte> random = stackalloc byte[16];
        Random.Shared.NextBytes(random);
        return Convert.ToHexStringLower(random);
    }
}
