namespace MarketsApi.Infrastructure.Auth;

/// <summary>What a role allows its holder to do.</summary>
public enum Permission
{
    /// <summary>See what is public.</summary>
    Read,

    /// <summary>Create, and change one's own.</summary>
    Write,

    /// <summary>See, change and delete other users' resources; on the wire it is <c>delete</c>.</summary>
    Moderate,

    /// <summary>Operate the service.</summary>
    Admin,
}

/// <summary>The permissions by their names on the wire.</summary>
internal static class PermissionNames
{
    /// <summary>All of them, in the order of <see cref="Permission"/>.</summary>
    public static readonly IReadOnlyList<string> All = ["read", "write", "delete", "admin"];

    public static string Of(Permission permission) => All[(int)permission];
}

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
        ["moderator"] = [Permission.Read, Permission.Write, Permission.Moderate],
        ["admin"] = [Permission.Read, Permission.Write, Permission.Moderate, Permission.Admin],
    };

    public static IReadOnlyList<Permission> Of(string? role) =>
        role is not null && Permissions.TryGetValue(role, out var permissions) ? permissions : [];
}
