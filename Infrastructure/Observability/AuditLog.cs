namespace MarketsApi.Infrastructure.Observability;

/// <summary>Log lines for whoever watches over access: refused callers and tokens, and what people did by a role's power. docs/security.md lists them.</summary>
/// <remarks>
/// Refusals cost an attacker nothing, so no more than <see cref="MaxRefusalsPerSecond"/> of their lines are written; the next one says how
/// many were left out, and each request has its own line anyway. No token, header or query is in any line; JSON escapes line breaks in a path.
/// </remarks>
internal sealed class AuditLog(ILogger<AuditLog> logger)
{
    /// <summary>The most lines about refusals in one second.</summary>
    public const int MaxRefusalsPerSecond = 50;

    private readonly Lock _gate = new();
    private long _second;
    private int _written;
    private int _leftOut;

    /// <summary>Says what became of a request that was refused for who sent it, or that used a role's power.</summary>
    public void Answered(HttpContext context, RequestLogContext facts, int status)
    {
        RequestEnricher.Current = context;
        if (facts.AuditedAction is { } action)
        {
            Write(
                LogLevel.Information,
                "Action audited",
                [
                    ("event", action),
                    ("outcome", OutcomeOf(status)),
                    ("status", status),
                    ("target", facts.AuditedTarget),
                    .. facts.AuditedMembers,
                ]
            );
        }
        else if (TakePlace(out var leftOut))
        {
            Write(
                LogLevel.Warning,
                "Access denied",
                ("event", facts.TokenError is null ? "access.denied" : "token.rejected"),
                ("outcome", "denied"),
                ("status", status),
                ("reason", facts.TokenError ?? ReasonOf(status)),
                ("client", facts.Client?.ToString()),
                ("leftOut", leftOut)
            );
        }
    }

    private static string OutcomeOf(int status) =>
        status switch
        {
            < 400 => "done",
            < 500 => "refused",
            _ => "failed",
        };

    private static string ReasonOf(int status) =>
        status == StatusCodes.Status401Unauthorized ? "no_token" : "not_permitted";

    private bool TakePlace(out int leftOut)
    {
        lock (_gate)
        {
            var second = Environment.TickCount64 / 1000;
            if (second != _second)
            {
                (_second, _written) = (second, 0);
            }

            if (_written == MaxRefusalsPerSecond)
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

    private void Write(LogLevel level, string message, params ReadOnlySpan<(string Name, object? Value)> members)
    {
        if (!logger.IsEnabled(level))
        {
            return;
        }

        var state = new List<KeyValuePair<string, object?>>(members.Length + 1) { new("{OriginalFormat}", message) };
        foreach (var (name, value) in members)
        {
            state.Add(new(name, value));
        }

        logger.Log(level, 0, state, null, (_, _) => message);
    }
}
