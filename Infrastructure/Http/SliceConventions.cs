using MarketsApi.Infrastructure.Validation;

namespace MarketsApi.Infrastructure.Http;

/// <summary>What holds for the endpoints of every slice, without their saying so.</summary>
internal static class SliceConventions
{
    public static void AddHttp(this WebApplicationBuilder builder)
    {
        builder.AddJson();
        // Requests are answered on the thread that their bytes came in on: no handler blocks it, and one change of threads less is a tenth of a kept answer.
        builder.WebHost.UseSockets(options => options.UnsafePreferInlineScheduling = true);
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = RequestShape.MaxFramedBytes;
        });
        // Routing would answer a wrong media type before the caller's identity is known; RequestShape does it behind authorization.
        foreach (var policy in builder.Services.Where(IsMediaTypePolicy).ToList())
        {
            builder.Services.Remove(policy);
        }
    }

    /// <summary>A group without a prefix, for <c>MapCarter</c>: each route in it also answers HEAD, refuses what its signature doesn't name, and validates.</summary>
    public static IEndpointRouteBuilder MapSlices(this WebApplication app)
    {
        var slices = app.MapGroup("");
        ((IEndpointConventionBuilder)slices).Add(AnswerHead);
        ((IEndpointConventionBuilder)slices).Finally(builder =>
        {
            ValidationCheck.Demand(builder);
            RequestShape.Guard(builder);
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

    private static void AnswerHead(EndpointBuilder builder)
    {
        if (builder.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault() is { HttpMethods: ["GET"] })
        {
            builder.Metadata.Add(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]));
        }
    }

    private static bool IsMediaTypePolicy(ServiceDescriptor service) =>
        service.ServiceType == typeof(MatcherPolicy) && service.ImplementationType?.Name == "AcceptsMatcherPolicy";
}
