using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Unicode;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace MarketsApi.Infrastructure.Http.StrictRequests;

/// <summary>What a query string may say: which parameters there are, and how the text of each type must look.</summary>
/// <remarks>Each rule is at most as wide as the framework's own parser, so that what passes here also binds.</remarks>
internal static class ParameterTypes
{
    private static readonly Dictionary<Type, (Func<string, bool> IsValid, string Code, string Expected)> Types = new()
    {
        [typeof(string)] = (_ => true, "", ""),
        [typeof(int)] = (IsInteger, "InvalidInteger", "must be a whole number of at most 9 digits"),
        [typeof(decimal)] = (IsDecimal, "InvalidNumber", "must be a number of at most 28 characters, such as 12.50"),
        [typeof(bool)] = (text => text is "true" or "false", "InvalidBoolean", "must be true or false"),
        [typeof(Guid)] = (Uuid.IsValid, "InvalidUuid", "must be a UUID"),
        [typeof(QueryTime)] = (text => QueryTime.TryParse(text, out _), "InvalidTime", Rfc3339.Expected),
    };

    private const int MaxDecimalLength = 28;

    public static bool IsKnown(Type type) => Types.ContainsKey(Nullable.GetUnderlyingType(type) ?? type);

    /// <summary>All that is wrong with the query string, each by the caller's own spelling.</summary>
    public static IEnumerable<ProblemDetail> ErrorsOf(HttpRequest request, IReadOnlyDictionary<string, Type> parameters)
    {
        if (!request.QueryString.HasValue)
        {
            return [];
        }

        var notUtf8 = NotUtf8(request.QueryString.Value);
        return request
            .Query.Select(sent =>
                (
                    sent.Key,
                    Error: notUtf8?.Contains(sent.Key) == true
                        ? NotUtf8Error(sent.Key)
                        : ErrorOf(sent.Key, sent.Value, parameters)
                )
            )
            .Where(found => found.Error is not null)
            .Select(found => new ProblemDetail(found.Key, found.Error!.Value.Code, found.Error.Value.Message + "."));
    }

    private static (string Code, string Message)? NotUtf8Error(string name) =>
        (JsonError.InvalidText, $"The query parameter {name} is not valid UTF-8");

    private static (string Code, string Message)? ErrorOf(
        string name,
        StringValues values,
        IReadOnlyDictionary<string, Type> parameters
    )
    {
        if (!parameters.TryGetValue(name, out var type))
        {
            return ("UnknownParameter", "Unknown query parameter");
        }

        if (values.Count > 1)
        {
            return ("RepeatedParameter", $"The query parameter {name} may appear only once");
        }

        if (string.IsNullOrEmpty(values[0]))
        {
            return ("EmptyParameter", $"The query parameter {name} has no value");
        }

        var (isValid, code, expected) = Types[Nullable.GetUnderlyingType(type) ?? type];
        return isValid(values[0]!) ? null : (code, $"The query parameter {name} {expected}");
    }

    /// <summary>The names of parameters whose bytes are not UTF-8: the framework leaves such bytes escaped, as if they had been sent so.</summary>
    private static HashSet<string>? NotUtf8(string query)
    {
        if (!query.Contains('%', StringComparison.Ordinal))
        {
            return null;
        }

        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var pair in new QueryStringEnumerable(query))
        {
            var bytes = Encoding.UTF8.GetBytes(pair.EncodedValue.ToArray());
            if (!Utf8.IsValid(WebUtility.UrlDecodeToBytes(bytes, 0, bytes.Length)))
            {
                names.Add(pair.DecodeName().ToString());
            }
        }

        return names;
    }

    /// <remarks>.NET's own parser also takes NULs at the end.</remarks>
    private static bool IsInteger(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
        && char.IsAsciiDigit(text[^1]);

    /// <remarks>.NET's own parser rounds what has more digits than a decimal holds; a longer text is rejected instead.</remarks>
    private static bool IsDecimal(string text) =>
        text.Length <= MaxDecimalLength
        && decimal.TryParse(
            text,
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out _
        )
        && char.IsAsciiDigit(text[^1])
        && text.AsSpan().TrimStart("+-") is [>= '0' and <= '9', ..];
}
