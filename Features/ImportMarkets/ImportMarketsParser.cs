using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MarketsApi.Features.Shared.Markets;

namespace MarketsApi.Features.ImportMarkets;

/// <summary>Makes a row of a line, or says why it can't be one.</summary>
/// <param name="validator">The rules.</param>
/// <param name="now">The time of import: markets without a status that ended before it are closed.</param>
internal sealed class ImportMarketsParser(IValidator<ImportMarketsLine> validator, DateTime now)
{
    /// <summary>Separates what no field holds: it is a control character.</summary>
    private const char UnitSeparator = '\u001f';

    /// <param name="text">The line.</param>
    /// <param name="row">The row, when the answer is null.</param>
    /// <returns>Why the line is rejected, in whole sentences; null when it isn't.</returns>
    public string? Parse(ImportMarketsText text, out ImportMarketsRow? row)
    {
        row = null;
        if (text.IsTooLong)
        {
            return $"The line is longer than {ImportMarketsText.MaxBytes.ToInvariant()} bytes.";
        }

        ImportMarketsLine? line;
        try
        {
            line = JsonSerializer.Deserialize<ImportMarketsLine>(text.Json.Span, JsonSettings.Wire);
        }
        catch (JsonException exception)
        {
            return ReasonOf(exception);
        }

        if (line is null)
        {
            return "The line must be a JSON object; it is null.";
        }

        line = line with { Description = WithoutControls(line.Description) };
        var result = validator.Validate(line);
        if (!result.IsValid)
        {
            return string.Join(' ', result.Errors.Select(fault => fault.ErrorMessage));
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
        var outcome = line.Outcome?.ToLowerInvariant();
        var status = outcome is null ? line.Status : MarketStatus.Resolved;
        var volume = decimal.Round(line.Volume ?? 0, 2, MidpointRounding.AwayFromZero);
        var creator = Caller.DisplayNameOf(line.Creator);
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
            CreatorName = creator ?? Caller.DisplayNameOf(source)!,
            // What the line says, not what was made of it: a status that the time of import decided is left out.
            Digest = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(UnitSeparator, content))),
        };
    }

    /// <summary>Control characters other than line breaks and tabs mean nothing in a text, so a description loses only them.</summary>
    private static string? WithoutControls(string? text) =>
        text is null || PlainText.IsAllowed(text, overLines: true)
            ? text
            : string.Concat(text.Where(c => !char.IsControl(c) || c is '\n' or '\r' or '\t'));

    private static string ReasonOf(JsonException exception)
    {
        var fault = JsonError.Of(exception);
        var member = fault.Path.StartsWith("$.", StringComparison.Ordinal) ? fault.Path[2..] : null;
        return fault.Code switch
        {
            JsonError.UnknownMember =>
                $"{ImportMarketsValidator.Quoted(member ?? fault.Path)} is not a member known here; names are case-sensitive.",
            JsonError.DuplicateMember => "A member appears more than once.",
            JsonError.InvalidValue => $"{member} {Rfc3339.Expected}.",
            JsonError.InvalidText when member is not null => $"{member} is no valid Unicode.",
            JsonError.InvalidType when member is not null => $"{member} has a value of a wrong type or form.",
            JsonError.InvalidType => "The line must be a JSON object.",
            _ => "The line is not valid JSON.",
        };
    }
}
