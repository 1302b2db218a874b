using System.Diagnostics;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Settings;

public sealed class ProgramFolderTests
{
    [Theory]
    [InlineData("health")]
    [InlineData("serve")]
    public async Task Settings_are_those_beside_the_program_wherever_it_is_called_from(string verb)
    {
        var elsewhere = Directory.CreateTempSubdirectory();
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            foreach (var file in Directory.GetFiles(AppContext.BaseDirectory))
            {
                var there = Path.Combine(folder.FullName, Path.GetFileName(file));
                if (Path.GetFileName(file).StartsWith("MarketsApi.", StringComparison.Ordinal))
                {
                    // .NET follows links to the program to find its folder.
                    File.Copy(file, there);
                }
                else
                {
                    File.CreateSymbolicLink(there, file);
                }
            }

            var settings = Path.Combine(folder.FullName, "appsettings.json");
            File.Delete(settings);
            await File.WriteAllTextAsync(settings, """{ "PORT": "none" }""");
            var start = new ProcessStartInfo("dotnet", [Path.Combine(folder.FullName, "MarketsApi.dll"), verb])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
                WorkingDirectory = elsewhere.FullName,
            };
            start.Environment.Remove("PORT");
            start.Environment["JWT_SECRET"] = Support.Tokens.Secret;
            start.Environment["DATABASE_URL"] = "Host=127.0.0.1;Port=1;Username=x";
            using var program = Process.Start(start)!;
            var said = await program.StandardError.ReadToEndAsync();
            await program.WaitForExitAsync();

            Assert.Equal((1, "PORT must be a number from 1 to 65535; it is 'none'.\n"), (program.ExitCode, said));
        }
        finally
        {
            folder.Delete(recursive: true);
            elsewhere.Delete(recursive: true);
        }
    }
}
