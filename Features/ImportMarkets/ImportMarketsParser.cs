using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using MarketsApi.Features.Shared.Markets;

namespace MarketsApi.Features.ImportMarkets;

/// <summary>Turns a line into a row, or returns why it can't.</summary>
/// <param name="validator">The rules.</param>
/// <param name="now">The time of import: markets without a status that ended before it are closed.</param>
/// <param name="ignoresUnknown">Whether members that an import doesn't know are passed over.</param>
internal sealed class ImportMarketsParser(
    IValidator<ImportMarketsLine> validator,
    DateTime now,
    bool ignoresUnknown = false
)
{
    private static readonly JsonSerializerOptions Lenient = new(JsonSettings.Wire)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    };

    private const string ArrayHint = "If the file is one JSON array, jq -c '.[]' turns it into lines.";

    /// <summary>Separates what no field holds: it is a control character.</summary>
    private const char UnitSeparator = '\u001f';

    /// <param name="text">The line.</param>
    /// <param name="row">The row, when the result is null.</param>
    /// <returns>Why the line is rejected, in whole sentences; null when it isn't.</returns>
    public string? Parse(ImportMarketsText text, out ImportMarketsRow? row)
    {
        row = null;
        if (text.IsTooLong)
        {
            return $"The line is longer than {ImportMarketsText.MaxBytes.ToInvariant()} bytes. {ArrayHint}";
        }

        ImportMarketsLine? line;
        try
        {
            line = JsonSerializer.Deserialize<ImportMarketsLine>(
                text.Json.Span,
                ignoresUnknown ? Lenient : JsonSettings.Wire
            );
        }
        catch (JsonException exception)
        {
            return ReasonOf(exception) + HintFor(text.Json.Span);
        }

        if (line is null)
        {
            return "The line must be a JSON object; it is null.";
        }

        line = line with { Description = WithoutControls(line.Description) };
        var result = validator.Validate(line);
        if (!result.IsValid)
        {
            return string.Join(' ', result.Errors.Select(error => error.ErrorMessage));
        }

        row = RowOf(text.Number, line);
        return null;
    }

    private ImportMarketsRow RowOf(long number, ImportMarketsLine line)
    {
        var source = PlainText.Stored(line.Source!);
        var externalId = PlainText.Stored(line.ExternalId!);
        var name = PlainText.Stored(line.Name!);
        var description = PlainText.Stored(line.Description ?? "");
        var category = ImportMarketsCategory.Of(line.Category);
        var outcome = line.StoredOutcome;
        var status =
            outcome is not null ? MarketStatus.Resolved
            : line.IsCancelled ? MarketStatus.Cancelled
            : line.Status;
        var volume = decimal.Round(line.Volume ?? 0, 2, MidpointRounding.AwayFromZero);
        var creator = PlainText.NameOf(line.Creator, Caller.MaxDisplayName);
        string?[] content =
        [
            name,
            description,
            category,
            status,
            outcome,
            volume.ToString("F2", CultureInfo.InvariantCulture),
            creator,
            line.CreatedAt?.Ticks.ToInvariant(),
            line.EndsAt?.Ticks.ToInvariant(),
        ];
        return new ImportMarketsRow
        {
            Line = number,
            Source = source,
            ExternalId = externalId,
            Name = name,
            Description = description,
            Category = category,
            Status = status ?? (line.EndsAt <= now ? MarketStatus.Closed : MarketStatus.Active),
            Outcome = outcome,
            Volume = volume,
            EndsAt = line.EndsAt,
            CreatedAt = line.CreatedAt,
            CreatorId = NameBasedId.Of(
                creator is null
                    ? $"import{UnitSeparator}{source}"
                    : $"import{UnitSeparator}{source}{UnitSeparator}{creator}"
            ),
            CreatorName = creator ?? PlainText.NameOf(source, Caller.MaxDisplayName)!,
            // What the line says, not what was made of it: a status that the time of import decided is left out.
            Digest = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(UnitSeparator, content))),
        };
    }

    /// <summary>Control characters other than line breaks and tabs mean nothing in a text, so a description loses only them.</summary>
    private static string? WithoutControls(string? text) =>
        text is null || PlainText.IsAllowed(text, overLines: true)
            ? text
            : string.Concat(text.Where(c => !char.IsControl(c) || c is '\n' or '\r' or '\t'));

    /// <summary>What to do about a file of another form, told from one of its lines.</summary>
    private static string HintFor(ReadOnlySpan<byte> line) =>
        line.Contains((byte)0) ? " If the file is UTF-16, iconv -f UTF-16 -t UTF-8 turns it into UTF-8."
        : line.TrimStart(" \t"u8) is [(byte)'[', ..] ? " " + ArrayHint
        : line.TrimEnd("\r"u8) is [(byte)'{'] ? " If markets are on several lines each, jq -c . puts each on one."
        : "";

    private static string ReasonOf(JsonException exception)
    {
        var error = JsonError.Of(exception);
        var member = error.Path.StartsWith("$.", StringComparison.Ordinal) ? error.Path[2..] : null;
        return error.Code switch
        {
            JsonError.UnknownMember =>
                $"{ImportMarketsValidator.Quoted(member ?? error.Path)} is not a known property; names are case-sensitive. --ignore-unknown ignores unknown properties.",
            JsonError.DuplicateMember => "A property appears more than once.",
            JsonError.InvalidValue => $"{member} {ImportMarketsTimeConverter.Expected}.",
            JsonError.InvalidText when member is not null => $"{member} is not valid Unicode.",
            JsonError.InvalidType when member is not null => $"{member} has a value of the wrong type or form.",
            JsonError.InvalidType => "The line must be a JSON object.",
            _ => "The line is not valid JSON.",
        };
    }
}

/// <summary>One market as it goes into the staging table.</summary>
internal sealed record ImportMarketsRow
{
    /// <summary>The line's number in the file, from 1.</summary>
    public required long Line { get; init; }

    /// <summary>Where the market comes from.</summary>
    public required string Source { get; init; }

    /// <summary>Its id there.</summary>
    public required string ExternalId { get; init; }

    /// <summary>The question, in its stored form.</summary>
    public required string Name { get; init; }

    /// <summary>The description, in its stored form.</summary>
    public required string Description { get; init; }

    /// <summary>The subject, in its form, or null.</summary>
    public required string? Category { get; init; }

    /// <summary>The state, decided.</summary>
    public required string Status { get; init; }

    /// <summary>The outcome, or null.</summary>
    public required string? Outcome { get; init; }

    /// <summary>What has been staked at the source, in cents' precision.</summary>
    public required decimal Volume { get; init; }

    /// <summary>When it ends, in UTC, or null.</summary>
    public required DateTime? EndsAt { get; init; }

    /// <summary>When it was made, in UTC; null for the time of import.</summary>
    public required DateTime? CreatedAt { get; init; }

    /// <summary>The id of the user that stands for its creator.</summary>
    public required Guid CreatorId { get; init; }

    /// <summary>The name of that user.</summary>
    public required string CreatorName { get; init; }

    /// <summary>SHA-256 of what the line says.</summary>
    public required byte[] Digest { get; init; }
}

/// <summary>Brings a source's own categories to our form.</summary>
internal static class ImportMarketsCategory
{
    private const int MaxLength = 50;

    /// <summary>Lower case, accents dropped, one hyphen for every run of other characters but letters and digits of ASCII; at most 50.</summary>
    /// <returns>Null when nothing is left.</returns>
    public static string? Of(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var form = new StringBuilder(MaxLength);
        // Marks go before, too: sorting a long run of them takes the square of its length. U+FFFE is what .NET doesn't normalize.
        var withoutMarks = string.Concat(text.Where(character => !IsMark(character))).Replace('\ufffe', ' ');
        foreach (var character in withoutMarks.Normalize(NormalizationForm.FormD))
        {
            if (char.IsAsciiLetterOrDigit(character))
            {
                form.Append(char.ToLowerInvariant(character));
            }
            else if (form.Length > 0 && form[^1] != '-' && !IsMark(character))
            {
                form.Append('-');
            }
        }

        if (form.Length > MaxLength)
        {
            form.Length = MaxLength;
        }

        return form.ToString().TrimEnd('-') is { Length: > 0 } category ? category : null;
    }

    private static bool IsMark(char character) =>
        CharUnicodeInfo.GetUnicodeCategory(character) == UnicodeCategory.NonSpacingMark;
}
