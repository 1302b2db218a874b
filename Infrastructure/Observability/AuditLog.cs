namespace MarketsApi.Infrastructure.Observability;

/// <summary>Log lines for those who watch over access: rejected callers and tokens, and what people did by a role's power. docs/security.md lists them.</summary>
/// <remarks>
/// Rejected requests cost an attacker nothing, so no more than <see cref="MaxDeniedPerSecond"/> of their lines are written; the next one says how
/// many were left out, and each request has its own line anyway. No token, header or query is in any line; JSON escapes line breaks in a path.
/// </remarks>
internal sealed partial class AuditLog(TimeProvider time, ILogger<AuditLog> logger)
{
    /// <summary>The most lines about rejected requests in one second.</summary>
    public const int MaxDeniedPerSecond = 50;

    private const string Audited = "Action audited";

    private readonly Lock _gate = new();
    private readonly long _start = time.GetTimestamp();
    private long _second;
    private int _written;
    private int _leftOut;

    /// <summary>Logs the result of a request that used a role's power, or that was rejected because of its sender.</summary>
    public void WriteFor(RequestLogContext request, int status)
    {
        if (request.AuditedAction is { } action)
        {
            var outcome = status switch
            {
                < 400 => "done",
                < 500 => "rejected",
                _ => "failed",
            };
            List<KeyValuePair<string, object?>> members =
            [
                new("{OriginalFormat}", Audited),
                new("event", action),
                new("outcome", outcome),
                new("status", status),
                new("target", request.AuditedTarget),
                .. request.AuditedMembers.Select(member => KeyValuePair.Create(member.Name, member.Value)),
            ];
            logger.Log(LogLevel.Information, 0, members, null, static (_, _) => Audited);
        }
        else if (
            status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden
            && TakePlace(out var leftOut)
        )
        {
            var name = request.TokenError is null ? "access.denied" : "token.rejected";
            var reason = status == StatusCodes.Status401Unauthorized ? "no_token" : "not_permitted";
            LogDenied(name, "denied", status, request.TokenError ?? reason, leftOut);
        }
    }

    private bool TakePlace(out int leftOut)
    {
        lock (_gate)
        {
            var second = (long)time.GetElapsedTime(_start).TotalSeconds;
            if (second != _second)
            {
                (_second, _written) = (second, 0);
            }

            if (_written == MaxDeniedPerSecond)
            {
                _leftOut++;
                leftOut = 0;
                return false;
            }

            _written++;
            (leftOut, _leftOut) = (_leftOut, 0);
            return true;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Access denied")]
    private partial void LogDenied(string @event, string outcome, int status, string reason, int leftOut);
}

/// <summary>Marks what people do by a role's power for the <see cref="AuditLog"/>.</summary>
public static class AuditExtensions
{
    /// <summary>Each permitted use of this endpoint is an event of this name, on the <c>id</c> of its path.</summary>
    public static RouteHandlerBuilder Audited(this RouteHandlerBuilder builder, string action) =>
        builder.AddEndpointFilter(
            (invocation, next) =>
            {
                var context = invocation.HttpContext;
                context.Audit(action, context.Request.RouteValues["id"] as string);
                return next(invocation);
            }
        );

    /// <summary>What this request does is an event of this name.</summary>
    /// <param name="context">The request.</param>
    /// <param name="action">The event's name.</param>
    /// <param name="target">What it is done to.</param>
    /// <param name="members">What else its line says.</param>
    internal static void Audit(
        this HttpContext context,
        string action,
        string? target,
        IReadOnlyList<(string Name, object? Value)>? members = null
    )
    {
        var request = RequestLogContext.Of(context);
        (request.AuditedAction, request.AuditedTarget, request.AuditedMembers) = (action, target, members ?? []);
    }
}
