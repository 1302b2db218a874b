namespace MarketsApi.Infrastructure.Http;

/// <summary>What holds for the endpoints of every slice, without their saying so.</summary>
internal static class SliceConventions
{
    /// <summary>A group without a prefix, for <c>MapCarter</c>: each route in it also responds to HEAD, rejects what its signature doesn't name, validates, and says who may use it.</summary>
    public static IEndpointRouteBuilder MapSlices(this WebApplication app)
    {
        var slices = app.MapGroup("");
        ((IEndpointConventionBuilder)slices).Add(AddHead);
        ((IEndpointConventionBuilder)slices).Finally(builder =>
        {
            ValidationCheck.Demand(builder);
            AuthExtensions.DemandPermission(builder);
            StrictRequestFilter.Guard(builder);
        });
        return slices;
    }

    /// <summary>Builds the endpoints now: a route that breaks a rule stops the program instead of its first caller.</summary>
    public static void CheckEndpoints(this WebApplication app)
    {
        foreach (var source in ((IEndpointRouteBuilder)app).DataSources)
        {
            _ = source.Endpoints;
        }
    }

    private static void AddHead(EndpointBuilder builder)
    {
        if (builder.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault() is { HttpMethods: ["GET"] })
        {
            builder.Metadata.Add(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]));
        }
    }
}
