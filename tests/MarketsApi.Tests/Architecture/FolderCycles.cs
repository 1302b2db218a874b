namespace MarketsApi.Tests.Architecture;

/// <summary>Finds folders that use each other, directly or by way of others.</summary>
internal static class FolderCycles
{
    /// <summary>The groups of folders of which each reaches all others of its group; none where the arrows are layers.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Of(IReadOnlyCollection<(string From, string To)> arrows)
    {
        var next = arrows.ToLookup(arrow => arrow.From, arrow => arrow.To);
        var folders = arrows.SelectMany(arrow => (string[])[arrow.From, arrow.To]).Distinct().Order().ToList();
        var reached = folders.ToDictionary(folder => folder, folder => ReachedFrom(folder, next));
        return
        [
            .. folders
                .Select(folder =>
                    folders.Where(other => reached[folder].Contains(other) && reached[other].Contains(folder)).ToList()
                )
                .Where(group => group.Count > 1)
                .DistinctBy(group => group[0]),
        ];
    }

    private static HashSet<string> ReachedFrom(string folder, ILookup<string, string> next)
    {
        var reached = new HashSet<string>();
        var waiting = new Stack<string>(next[folder]);
        while (waiting.TryPop(out var other))
        {
            if (reached.Add(other))
            {
                foreach (var further in next[other])
                {
                    waiting.Push(further);
                }
            }
        }

        return reached;
    }
}
