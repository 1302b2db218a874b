using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace MarketsApi.Infrastructure.Http.Conditional;

/// <summary>What a request demands of the present version by If-Match and If-None-Match (RFC 9110 section 13.1); a handler takes it as a parameter.</summary>
/// <remarks>Only the version part of a tag counts, so that a position opened meanwhile doesn't prevent an edit of the name.</remarks>
public sealed class Preconditions : IEndpointParameterMetadataProvider
{
    private static readonly Preconditions None = new();

    private EntityTagCondition? IfMatch { get; init; }

    private EntityTagCondition? IfNoneMatch { get; init; }

    /// <summary>Binds a handler's parameter; the headers were read when the request was checked.</summary>
    public static ValueTask<Preconditions> BindAsync(HttpContext context) =>
        ValueTask.FromResult(context.Features.Get<Preconditions>() ?? None);

    static void IEndpointParameterMetadataProvider.PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new RequestHeaderMetadata("If-Match", Read));
        builder.Metadata.Add(new RequestHeaderMetadata("If-None-Match", Read));
    }

    /// <summary>Whether the version may be read: If-Match names it. (If-None-Match makes a read a 304.)</summary>
    public bool AllowReading(long version) => IfMatch?.NamesVersion(version, weakly: false) != false;

    /// <summary>Whether the version may be changed: If-Match names it, and If-None-Match doesn't.</summary>
    public bool AllowChanging(long version) =>
        AllowReading(version) && IfNoneMatch?.NamesVersion(version, weakly: true) != true;

    /// <summary>False for an If-Match that is malformed; such an If-None-Match is ignored.</summary>
    private static bool Read(HttpContext context)
    {
        var headers = context.Request.Headers;
        var read = new Preconditions
        {
            IfMatch = headers.IfMatch.Count > 0 ? EntityTagCondition.Parse(headers.IfMatch) : null,
            IfNoneMatch = headers.IfNoneMatch.Count > 0 ? EntityTagCondition.Parse(headers.IfNoneMatch) : null,
        };
        context.Features.Set(read);
        return read.IfMatch is not null || headers.IfMatch.Count == 0;
    }
}
