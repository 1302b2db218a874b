namespace MarketsApi.Infrastructure.Caching;

/// <summary>Names that no two things share: instances, epochs, leases, messages.</summary>
internal static class UniqueName
{
    /// <summary>Twelve hexadecimal digits (48 random bits).</summary>
    public static string New() => Guid.NewGuid().ToString("N")[..12];
}
