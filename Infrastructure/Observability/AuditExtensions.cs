namespace MarketsApi.Infrastructure.Observability;

/// <summary>Marks what people do by a role's power for the <see cref="AuditLog"/>.</summary>
public static class AuditExtensions
{
    /// <summary>Each use of this endpoint by those whom it lets in is an event of this name, on the <c>id</c> of its path.</summary>
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
        var facts = RequestLogContext.Of(context);
        (facts.AuditedAction, facts.AuditedTarget, facts.AuditedMembers) = (action, target, members ?? []);
    }
}
