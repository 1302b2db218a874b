namespace MarketsApi.Features.SeedMarkets;

/// <summary>A user who makes markets and takes positions.</summary>
/// <param name="Id">Follows from the user's number.</param>
/// <param name="DisplayName">The user's public name.</param>
/// <param name="CreatedAt">Before any market.</param>
internal sealed record SeedMarketsUser(Guid Id, string DisplayName, DateTime CreatedAt)
{
    /// <summary>All of them, always the same.</summary>
    public static readonly IReadOnlyList<SeedMarketsUser> All = [.. Enumerable.Range(0, 320).Select(Make)];

    /// <summary>One of them; the first ones are much busier than the last.</summary>
    public static SeedMarketsUser Pick(ref SeedMarketsRandom random) => All[random.Below(random.Below(All.Count) + 1)];

    private static SeedMarketsUser Make(int number)
    {
        var random = new SeedMarketsRandom(((ulong)number << 2) | SeedMarketsShape.Users);
        var first = SeedMarketsNames.First[number % SeedMarketsNames.First.Count];
        var last = random.Pick(SeedMarketsNames.Last);
        var name = random.Below(4) switch
        {
            0 => $"{first}{last[0]}{random.Between(2, 99)}",
            1 => $"{first}_{random.Pick(SeedMarketsNames.Traits)}".ToLowerInvariant(),
            _ => $"{first} {last}",
        };
        var createdAt = SeedMarketsShape.Today.AddDays(-random.Between(900, 1100)).AddSeconds(random.Below(86_400));
        return new SeedMarketsUser(SeedMarketsId.Of(createdAt, ref random), name, createdAt);
    }
}

/// <summary>What the generated users' names are made of.</summary>
internal static class SeedMarketsNames
{
    /// <summary>Given names.</summary>
    public static readonly IReadOnlyList<string> First = Split(
        """
        Ada Aisha Alejandro Amara Amélie Anders Anika Anouk Arjun Astrid Beatriz Bence Bilal Björn Camille Carlos Chiara Chinua
        Clara Dagny Daniel Dariusz Deepa Dimitra Eero Elif Elio Emeka Emma Enzo Esther Farah Felix Fiona Freya Gabriel Giulia
        Grace Hana Hassan Henrik Hiroshi Ines Ingrid Isaac Ivana Jakub James Jasmine João Jonas Julia Kaito Karim Katarina Kenji
        Kwame Lars Laura Leila Lena Léo Linh Lucía Lukas Magda Maja Malik Marek Maria Mateo Mei Mia Milan Mira Mohammed Nadia
        Naomi Nia Nils Noah Nora Oksana Olivia Omar Oscar Paolo Petra Pilar Priya Quinn Rafael Rania Ravi Rosa Ruth Sakura Samir
        Sara Selma Sofia Stefan Sunita Tariq Teresa Thandi Theo Tomás Uma Valentina Vera Viktor Wanjiru Wei Xavier Yara Yusuf
        Zara Zoë
        """
    );

    /// <summary>Family names.</summary>
    public static readonly IReadOnlyList<string> Last = Split(
        """
        Abebe Adeyemi Ahmed Almeida Andersen Bakker Banerjee Bauer Berg Bianchi Brown Castro Chen Costa Dahl Demir Diallo Dubois
        Eriksen Evans Fernández Fischer Fontaine García Gruber Haddad Hansen Hoffmann Horvat Ibrahim Ito Ivanov Jansen Jensen
        Johansson Kamau Kaya Keller Khan Kim Kowalski Kumar Larsen Lefèvre Lindqvist Lopez Mäkinen Martin Mendoza Moreau Mwangi
        Nakamura Ndiaye Nguyen Novák Obi Okafor Oliveira Park Patel Petrov Popescu Rahman Ramírez Reyes Rossi Sato Schmidt Silva
        Singh Smith Suzuki Svensson Takahashi Tanaka Torres Varga Virtanen Walker Wang Weber Yılmaz Zhang Zielińska
        """
    );

    /// <summary>What people call themselves.</summary>
    public static readonly IReadOnlyList<string> Traits = Split(
        "bets calls chess data econ forecasts maps maths odds oracle physics polls quant radar reads signals stats tides trends votes"
    );

    private static string[] Split(string list) =>
        list.ReplaceLineEndings(" ").Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
