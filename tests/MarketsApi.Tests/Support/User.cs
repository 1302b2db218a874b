namespace MarketsApi.Tests.Support;

/// <summary>A caller of the API.</summary>
public sealed record User(Guid Id, string Role, string Name)
{
    /// <summary>The user's email, which only they may see.</summary>
    public string Email => $"{Id:N}@example.org";

    /// <summary>A token that says who they are.</summary>
    public string Token => field ??= Tokens.For(this);

    /// <summary>A new user with this role.</summary>
    public static User New(string role = "user", string? name = null)
    {
        var id = Guid.NewGuid();
        return new User(id, role, name ?? $"{role} {id.ToString("N")[..6]}");
    }
}
