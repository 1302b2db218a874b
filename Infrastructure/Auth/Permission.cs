namespace MarketsApi.Infrastructure.Auth;

/// <summary>What a role allows its holder to do.</summary>
public enum Permission
{
    /// <summary>See what is public.</summary>
    Read,

    /// <summary>Create, and change one's own.</summary>
    Write,

    /// <summary>Delete, and see and change what is somebody else's.</summary>
    Delete,

    /// <summary>Operate the service.</summary>
    Admin,
}
