namespace MarketsApi.Tests.Infrastructure.OpenApi;

/// <summary>The folder of this checkout.</summary>
internal static class RepositoryRoot
{
    /// <summary>The nearest folder above the tests' binaries that has the solution.</summary>
    public static string Path { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder) =>
        File.Exists(System.IO.Path.Combine(folder, "MarketsApi.sln"))
            ? folder
            : Find(Directory.GetParent(folder)!.FullName);
}
