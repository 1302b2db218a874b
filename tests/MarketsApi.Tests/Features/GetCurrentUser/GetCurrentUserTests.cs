using System.Text.Json;
using Alba;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.GetCurrentUser;

public sealed class GetCurrentUserTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Id = "5f0c2a4e-97f5-4d59-9c0a-2b4b8f1d3c11";

    [Fact]
    public async Task Returns_the_identity_of_the_token()
    {
        var result = await api.Host.Scenario(s =>
        {
            s.WithBearerToken(api.Alice.Token);
            s.Get.Url("/api/me");
            s.ContentTypeShouldBe("application/json; charset=utf-8");
            s.Header("Cache-Control").SingleValueShouldEqual("no-store");
        });

        Assert.Equal(["success", "data"], result.Json().EnumerateObject().Select(member => member.Name));
        var me = result.Data();
        Assert.Equal(
            ["id", "email", "displayName", "role", "permissions"],
            me.EnumerateObject().Select(member => member.Name)
        );
        Assert.Equal(api.Alice.Id, me.Id());
        Assert.Equal(api.Alice.Email, me.Text("email"));
        Assert.Equal("Alice", me.Text("displayName"));
        Assert.Equal("user", me.Text("role"));
        Assert.Equal(["read", "write"], Permissions(me));
    }

    [Theory]
    [InlineData("user", "read,write")]
    [InlineData("moderator", "read,write,delete")]
    [InlineData("admin", "read,write,delete,admin")]
    [InlineData("Admin", "")]
    [InlineData("superuser", "")]
    [InlineData("", "")]
    public async Task Lists_what_the_role_allows(string role, string permissions)
    {
        var me = await MeAsync(new() { ["userId"] = Id, ["role"] = role });

        Assert.Equal(role, me.Text("role"));
        Assert.Equal(permissions, string.Join(',', Permissions(me)));
    }

    [Fact]
    public async Task Returns_null_for_claims_that_the_token_does_not_have()
    {
        var me = await MeAsync(new() { ["userId"] = Id });

        Assert.Equal(JsonValueKind.Null, me.GetProperty("email").ValueKind);
        Assert.Equal(JsonValueKind.Null, me.GetProperty("role").ValueKind);
        Assert.Equal("user-5f0c2a4e", me.Text("displayName"));
        Assert.Empty(Permissions(me));
    }

    [Theory]
    [InlineData("@zoe")]
    [InlineData("Zo\u00eb @ home")]
    public async Task Takes_a_name_that_only_has_an_at_sign(string name)
    {
        var me = await MeAsync(new() { ["userId"] = Id, ["name"] = name });

        Assert.Equal(name, me.Text("displayName"));
    }

    [Fact]
    public async Task Takes_sub_only_when_there_is_no_userId()
    {
        var other = Guid.NewGuid().ToString();

        Assert.Equal(Id, (await MeAsync(new() { ["sub"] = Id })).Text("id"));
        Assert.Equal(Id, (await MeAsync(new() { ["sub"] = other, ["userId"] = Id })).Text("id"));
        Assert.Equal(Id, (await MeAsync(new() { ["sub"] = "auth0|17", ["userId"] = Id })).Text("id"));
        await ShouldBeRejectedAsync(new() { ["sub"] = Id, ["userId"] = "unknown" });
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"sub":"auth0|17"}""")]
    [InlineData("""{"userId":""}""")]
    [InlineData("""{"userId":17}""")]
    [InlineData("""{"userId":null}""")]
    [InlineData("""{"userId":"{5f0c2a4e-97f5-4d59-9c0a-2b4b8f1d3c11}"}""")]
    [InlineData("""{"userId":"5f0c2a4e97f54d599c0a2b4b8f1d3c11"}""")]
    [InlineData("""{"userId":["5f0c2a4e-97f5-4d59-9c0a-2b4b8f1d3c11","5f0c2a4e-97f5-4d59-9c0a-2b4b8f1d3c12"]}""")]
    public async Task Rejects_a_token_that_names_no_user(string claims) =>
        await ShouldBeRejectedAsync(JsonSerializer.Deserialize<Dictionary<string, object>>(claims)!);

    [Fact]
    public async Task Gives_no_permissions_for_several_roles()
    {
        var me = await MeAsync(new() { ["userId"] = Id, ["role"] = new[] { "user", "admin" } });

        Assert.Empty(Permissions(me));
    }

    [Fact]
    public async Task Needs_a_token()
    {
        var result = await api.Host.Scenario(s =>
        {
            s.Get.Url("/api/me");
            s.StatusCodeShouldBe(401);
        });

        result.ShouldBeProblem(401, "Missing authorization token");
    }

    [Fact]
    public async Task Makes_no_user_of_a_reader()
    {
        await MeAsync(new() { ["userId"] = Id, ["role"] = "user" });

        Assert.Empty(
            await api.Database.QueryAsync<Guid>("SELECT id FROM users WHERE id = @id", new { id = Guid.Parse(Id) })
        );
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Rejects_other_methods(string method)
    {
        var response = await Shared.RawRequests.SendAsync(api, method, "/api/me", "{}");

        response.ShouldBeProblem(405, "Method not allowed");
        Assert.Equal("GET, HEAD", response.Header("Allow"));
    }

    private static IEnumerable<string?> Permissions(JsonElement me) =>
        me.GetProperty("permissions").EnumerateArray().Select(permission => permission.GetString());

    private static string TokenWith(Dictionary<string, object> claims)
    {
        claims["exp"] = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds();
        return Tokens.Sign(claims);
    }

    private async Task<JsonElement> MeAsync(Dictionary<string, object> claims)
    {
        var result = await api.Host.Scenario(s =>
        {
            s.WithBearerToken(TokenWith(claims));
            s.Get.Url("/api/me");
        });
        return result.Data();
    }

    private async Task ShouldBeRejectedAsync(Dictionary<string, object> claims)
    {
        var result = await api.Host.Scenario(s =>
        {
            s.WithBearerToken(TokenWith(claims));
            s.Get.Url("/api/me");
            s.StatusCodeShouldBe(401);
        });
        result.ShouldBeProblem(401, "Invalid token");
    }
}
