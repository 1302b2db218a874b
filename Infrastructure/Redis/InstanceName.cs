namespace MarketsApi.Infrastructure.Redis;

/// <summary>Names that no two things share: instances, epochs, leases, messages.</summary>
internal static class InstanceName
{
    /// <summary>Twelve hexadecimal digits (48 random bits).</summary>
    public static string New() => Guid.NewGuid().ToString("N")[..12];
}
