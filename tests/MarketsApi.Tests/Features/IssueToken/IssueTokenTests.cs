using System.Net.Http.Headers;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.IssueToken;

public sealed class IssueTokenTests
{
    [Theory]
    [InlineData("token")]
    [InlineData("token --role Admin")]
    [InlineData("token --role admin --expires 5")]
    [InlineData("token --role admin --expires h")]
    [InlineData("token --role admin --expires 0h")]
    [InlineData("token --role admin --expires -1h")]
    [InlineData("token --role admin --expires 1.5h")]
    [InlineData("token --role admin --expires 1w")]
    [InlineData("token --role admin --expires 99999999d")]
    [InlineData("token --role admin --user-id alice")]
    public async Task Invalid_arguments_are_rejected_with_a_hint(string arguments)
    {
        var (exitCode, output, error) = await ProgramProcess.RunAsync(arguments.Split(' '));

        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains("See --help.", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--name", "")]
    [InlineData("--email", " ")]
    public async Task An_empty_name_or_email_is_a_slip(string option, string value)
    {
        var (exitCode, output, error) = await ProgramProcess.RunAsync(["token", "--role", "user", option, value]);

        Assert.Equal((1, "", $"{option} is empty: give one, or leave it out.\n"), (exitCode, output, error));
    }

    [Fact]
    public async Task Needs_the_secret_and_nothing_else()
    {
        var (exitCode, output, error) = await ProgramProcess.RunAsync(
            ["token", "--role", "user"],
            ("JWT_SECRET", null)
        );

        Assert.Equal((1, ""), (exitCode, output));
        Assert.StartsWith("Auth:Secret (or JWT_SECRET) is not set", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tokens_of_each_role_and_lifetime_are_accepted_by_a_running_server()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var program = ProgramProcess.Start([], ("DATABASE_URL", database.ConnectionString));
        await program.UntilAsync("/health/ready");
        string[] forms =
        [
            "--role user",
            "--role moderator --expires 90s",
            "--role admin --expires 45m --name Ada --email ada@example.org",
            "--role user --expires 36500d",
        ];

        foreach (var form in forms)
        {
            var (exitCode, output, error) = await ProgramProcess.RunAsync(["token", .. form.Split(' ')]);
            Assert.Equal((0, ""), (exitCode, error));

            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/me");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", output.Trim());
            using var response = await program.Client.SendAsync(request);
            var me = await response.Content.ReadAsStringAsync();
            Assert.True(response.IsSuccessStatusCode, form + me);
            Assert.Contains($"\"role\":\"{form.Split(' ')[1]}\"", me, StringComparison.Ordinal);
            Assert.Equal(
                form.Contains("Ada", StringComparison.Ordinal),
                me.Contains("ada@example.org", StringComparison.Ordinal)
            );
        }
    }
}
