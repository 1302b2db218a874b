using MarketsApi.Infrastructure.Settings;
using Microsoft.Extensions.Options;

namespace MarketsApi.Infrastructure.RateLimiting;

/// <summary>No caller takes more than their share, on whichever instance.</summary>
internal static class RateLimitSetup
{
    public static void AddRateLimiting(this WebApplicationBuilder builder)
    {
        builder.AddSettings<RateLimitSettings>(RateLimitSettings.Section);
        var services = builder.Services;
        services.AddSingleton<RateLimitMetrics>();
        services.AddSingleton<WindowTable>();
        services.AddSingleton<RedisWindows>();
        services.AddSingleton<RateLimiter>();
        services.AddHostedService(provider => provider.GetRequiredService<RedisWindows>());
    }

    /// <summary>Rejects requests over a limit before anything is done for them; goes behind authentication, in front of the response cache.</summary>
    public static void UseRateLimiting(this WebApplication app) => app.UseMiddleware<RateLimitMiddleware>();

    /// <summary>Stops the start when the settings have a policy that no route uses: it would limit nothing.</summary>
    /// <exception cref="OptionsValidationException">There is one.</exception>
    public static void CheckRateLimits(this WebApplication app)
    {
        var named = ((IEndpointRouteBuilder)app)
            .DataSources.SelectMany(source => source.Endpoints)
            .Select(endpoint => endpoint.Metadata.GetMetadata<RateLimitMetadata>()?.Policy)
            .OfType<string>()
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
        var wrong = app
            .Services.GetRequiredService<RateLimitSettings>()
            .Policies.Keys.Except(named, StringComparer.OrdinalIgnoreCase)
            .Select(name =>
                $"No route uses the policy RateLimiting:Policies:{name}; known policies: {string.Join(", ", named)}."
            )
            .ToList();
        if (wrong.Count > 0)
        {
            throw new OptionsValidationException(RateLimitSettings.Section, typeof(RateLimitSettings), wrong);
        }
    }
}

/// <summary>Rate limits as an endpoint's declaration.</summary>
public static class RateLimitExtensions
{
    /// <summary>Makes the route's requests count for the policy of this name, too, if the settings have one; sets the cost of a request.</summary>
    /// <param name="builder">The route.</param>
    /// <param name="policy">The name, as in <c>RateLimiting:Policies:{name}:PermitLimit</c>; null for none but the general limit.</param>
    /// <param name="cost">How many permits a request takes of each of its limits. More than 1 makes it a dear request, of which a caller has only a few at a time in the database.</param>
    /// <param name="when">Which requests cost that much, others 1; null for all.</param>
    public static TBuilder RateLimited<TBuilder>(
        this TBuilder builder,
        string? policy = null,
        int cost = 1,
        Func<HttpRequest, bool>? when = null
    )
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cost, 1);
        return builder.WithMetadata(new RateLimitMetadata(policy, cost, when));
    }

    /// <summary>A 304 to this request doesn't count: finding out that nothing has changed took only a look into memory.</summary>
    internal static void IsFreeWhenNotModified(this HttpContext context)
    {
        if (context.Features.Get<CountedResponse>() is { } response)
        {
            response.IsFreeWhenNotModified = true;
        }
    }
}

/// <summary>What a route says about limits.</summary>
/// <param name="Policy">A limit that its requests count for besides the general one; null for none.</param>
/// <param name="Cost">How many permits a request takes.</param>
/// <param name="When">Which requests take that many, others 1; null for all.</param>
internal sealed record RateLimitMetadata(string? Policy, int Cost, Func<HttpRequest, bool>? When)
{
    /// <summary>How many permits this request takes.</summary>
    public static int CostOf(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<RateLimitMetadata>()?.CostOf(context.Request) ?? 1;

    /// <summary>How many permits a request to its route takes.</summary>
    public int CostOf(HttpRequest request) => When?.Invoke(request) == false ? 1 : Cost;
}
