using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Clients;

/// <summary>The client in clients/typescript, installed and compiled once for all tests, as a consumer does it.</summary>
internal static partial class TypeScriptClient
{
    private static readonly Lazy<Task<(string? Lack, ToolRun Build)>> Built = new(BuildAsync);

    /// <summary>Where it is.</summary>
    public static string Folder { get; } = Path.Combine(SourceTree.Root, "clients", "typescript");

    /// <summary>The output of its build; skips the test without Node, an npm registry or one of the client's packages.</summary>
    public static async Task<ToolRun> BuildOrSkipAsync()
    {
        var (lack, build) = await Built.Value;
        if (lack is not null)
        {
            Assert.Skip(lack);
        }
        return build;
    }

    /// <summary>Runs one of its compiled files.</summary>
    public static Task<ToolRun> NodeAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        Tool.RunAsync(Folder, environment, "node", arguments);

    private static async Task<(string? Lack, ToolRun Build)> BuildAsync()
    {
        var nothing = new ToolRun(-1, "", "");
        var guide = ConsumingGuide.Listings("ts");
        if (Lack(guide) is { } lack)
        {
            return (lack, nothing);
        }

        var install = await InstallAsync();
        if (install.ExitCode != 0)
        {
            return ($"npm ci can't install the client's tools: {install.Error.Trim()}", nothing);
        }

        Directory.CreateDirectory(Path.Combine(Folder, "docs"));
        await File.WriteAllTextAsync(
            Path.Combine(Folder, "docs", "consuming.ts"),
            string.Concat(guide.Select(listing => $"{listing.Code}\nconsole.log(\"{ConsumingGuide.Mark}\");\n"))
        );
        return (null, await NpmAsync("run", "--silent", "build"));
    }

    /// <summary>An operation that has gone, with its slice: the client's own files then have to change, and until then prove nothing.</summary>
    private static string? Lack(IReadOnlyList<ConsumingListing> guide)
    {
        var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(SourceTree.Root, "openapi.json"))).RootElement;
        var operations = document
            .GetProperty("paths")
            .EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject())
            .Select(operation => operation.Value.Text("operationId")!)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        var texts = ((string[])["example", "tests"])
            .SelectMany(folder => Directory.GetFiles(Path.Combine(Folder, folder), "*.ts"))
            .Select(File.ReadAllText)
            .Concat(guide.Select(listing => listing.Code));
        var gone = texts
            .SelectMany(text => MethodOfApi().Matches(text))
            .Select(match => match.Groups[1].Value)
            .FirstOrDefault(name => !operations.Contains(name));
        return gone is null
            ? null
            : $"openapi.json has no operation for api.{gone}() any more: take it out of clients/typescript and docs/consuming.md.";
    }

    private static async Task<ToolRun> InstallAsync()
    {
        var stamp = Path.Combine(Folder, "node_modules", ".installed");
        var wanted = Convert.ToHexString(
            SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(Folder, "package-lock.json")))
        );
        if (File.Exists(stamp) && await File.ReadAllTextAsync(stamp) == wanted)
        {
            return new ToolRun(0, "", "");
        }

        var install = await NpmAsync("ci", "--no-audit", "--no-fund", "--prefer-offline");
        if (install.ExitCode == 0)
        {
            await File.WriteAllTextAsync(stamp, wanted);
        }

        return install;
    }

    private static Task<ToolRun> NpmAsync(params string[] arguments) =>
        Tool.RunAsync(Folder, new Dictionary<string, string>(), "npm", arguments);

    [GeneratedRegex(@"\bapi\s*\.(\w+)\(")]
    private static partial Regex MethodOfApi();
}
