using System.Text.Json;

namespace MarketsApi.Infrastructure.Http.Json;

/// <summary>From our spelling of a member to the caller's.</summary>
internal static class FieldName
{
    /// <summary><c>InitialPosition.Stake</c> becomes <c>initialPosition.stake</c>.</summary>
    public static string Of(string propertyPath) =>
        propertyPath.Contains('.', StringComparison.Ordinal)
            ? string.Join('.', propertyPath.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName))
            : JsonNamingPolicy.CamelCase.ConvertName(propertyPath);
}
