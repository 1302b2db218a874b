using System.Globalization;
using System.Text;

namespace MarketsApi.Features.SeedMarkets;

/// <summary>The texts of a generated market.</summary>
/// <param name="Name">The question.</param>
/// <param name="Description">How it is decided, in one to four sentences.</param>
/// <param name="Category">The subject; null for a few.</param>
internal sealed record SeedMarketsText(string Name, string Description, string? Category)
{
    private static readonly string[] Openings =
    [
        "Resolves to yes if this happens by 23:59 UTC on {date}, and to no otherwise.",
        "This market resolves to yes if the answer is yes at the end of {date}; otherwise it resolves to no.",
        "Yes if it happens between the market's opening and {date}, no if it doesn't.",
    ];

    private static readonly string[] Authorities =
    [
        "The outcome is taken from {source}.",
        "For the decision, the market relies on {source}.",
        "It is settled on the basis of {source}.",
    ];

    private static readonly string[] Closings =
    [
        "If no figures or reports are available within two weeks, the market is cancelled.",
        "In case of doubt a consensus of credible reports decides.",
        "The market may be settled early once the outcome is beyond doubt.",
    ];

    /// <summary>The texts of this market.</summary>
    public static SeedMarketsText Of(SeedMarketsShape shape)
    {
        var random = shape.TextRandom;
        var topic = random.Pick(SeedMarketsTopics.All);
        var words = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["date"] = shape.EndsAt.ToString("d MMMM yyyy", CultureInfo.InvariantCulture),
            ["year"] = shape.EndsAt.ToString("yyyy", CultureInfo.InvariantCulture),
            ["source"] = random.Pick(topic.Sources),
        };
        var name = Fill(random.Pick(topic.Questions), words, ref random);
        var sentences = new List<string>(4) { random.Pick(Openings) };
        AddIf(80, Authorities, ref random);
        AddIf(60, topic.Details, ref random);
        AddIf(35, Closings, ref random);
        var description = Fill(string.Join(' ', sentences), words, ref random);
        return new SeedMarketsText(name, description, random.Percent(4) ? null : topic.Category);

        void AddIf(int percent, IReadOnlyList<string> choice, ref SeedMarketsRandom random)
        {
            if (random.Percent(percent))
            {
                sentences.Add(random.Pick(choice));
            }
        }
    }

    /// <summary>Puts a word for each <c>{word}</c>: the same one each time, another one for <c>{word2}</c>.</summary>
    private static string Fill(string template, Dictionary<string, string> words, ref SeedMarketsRandom random)
    {
        var text = new StringBuilder(template.Length * 2);
        var rest = template.AsSpan();
        while (rest.IndexOf('{') is >= 0 and var open)
        {
            var close = rest.IndexOf('}');
            var slot = rest[(open + 1)..close].ToString();
            if (!words.TryGetValue(slot, out var word))
            {
                do
                {
                    word = Choose(slot.TrimEnd('2'), ref random);
                } while (words.ContainsValue(word));
                words[slot] = word;
            }

            text.Append(rest[..open]).Append(word);
            rest = rest[(close + 1)..];
        }

        return text.Append(rest).ToString();
    }

    private static string Choose(string slot, ref SeedMarketsRandom random) =>
        slot switch
        {
            "percent" => Number(random.Between(5, 99) / 10m, "0.0"),
            "share" => Number(random.Between(5, 95), "0"),
            "small" => Number(random.Between(4, 19), "0"),
            "hundreds" => Number(random.Between(10, 95) * 10, "0"),
            "thousands" => Number(random.Between(10, 999) * 100, "#,0"),
            "heat" => Number(random.Between(60, 96) / 2m, "0.#"),
            "age" => Number(random.Between(700, 889) / 10m, "0.#"),
            _ => random.Pick(SeedMarketsWords.Lists[slot]),
        };

    private static string Number(decimal value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
