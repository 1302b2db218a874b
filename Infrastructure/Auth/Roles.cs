namespace MarketsApi.Infrastructure.Auth;

/// <summary>The roles that a token can carry, and what each allows.</summary>
internal static class Roles
{
    /// <summary>Case-sensitive; any other role allows nothing.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyList<Permission>> Permissions = new Dictionary<
        string,
        IReadOnlyList<Permission>
    >(StringComparer.Ordinal)
    {
        ["user"] = [Permission.Read, Permission.Write],
        ["moderator"] = [Permission.Read, Permission.Write, Permission.Delete],
        ["admin"] = [Permission.Read, Permission.Write, Permission.Delete, Permission.Admin],
    };

    public static IReadOnlyList<Permission> Of(string? role) =>
        role is not null && Permissions.TryGetValue(role, out var permissions) ? permissions : [];
}
