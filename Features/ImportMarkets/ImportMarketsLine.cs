using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using MarketsApi.Features.Shared.Markets;

namespace MarketsApi.Features.ImportMarkets;

/// <summary>One line of the file; unknown values are null.</summary>
internal sealed record ImportMarketsLine
{
    /// <summary>The market's id at its source; with <see cref="Source"/> it says which market this is.</summary>
    public string? ExternalId { get; init; }

    /// <summary>Where the market comes from.</summary>
    public string? Source { get; init; }

    /// <summary>The question.</summary>
    public string? Name { get; init; }

    /// <summary>What exactly is asked.</summary>
    public string? Description { get; init; }

    /// <summary>The subject, however the source writes it.</summary>
    public string? Category { get; init; }

    /// <summary>One of our own states; null to let the end decide.</summary>
    public string? Status { get; init; }

    /// <summary>What has been staked, with any number of decimals; a number, or one in quotes.</summary>
    [JsonConverter(typeof(ImportMarketsVolumeConverter))]
    public decimal? Volume { get; init; }

    /// <summary>The name of who made it.</summary>
    public string? Creator { get; init; }

    /// <summary>When the market was created, in UTC.</summary>
    [JsonConverter(typeof(ImportMarketsTimeConverter))]
    public DateTime? CreatedAt { get; init; }

    /// <summary>When it ends, in UTC.</summary>
    [JsonConverter(typeof(ImportMarketsTimeConverter))]
    public DateTime? EndsAt { get; init; }

    /// <summary><c>YES</c> or <c>NO</c>, in any case.</summary>
    public string? Outcome { get; init; }

    /// <summary>The same as many sources write it: <c>CANCEL</c>, <c>CANCELLED</c>, <c>ANNULLED</c> and <c>N/A</c> are known as well.</summary>
    public string? Resolution { get; init; }

    /// <summary>The outcome as it is stored, or null.</summary>
    [JsonIgnore]
    public string? StoredOutcome => IsCancelled ? null : (Outcome ?? Resolution)?.ToLowerInvariant();

    /// <summary>Whether the source has cancelled the market.</summary>
    [JsonIgnore]
    public bool IsCancelled => Resolution is not null && Cancellations.Contains(Resolution);

    /// <summary>The resolutions that give everybody their stake back.</summary>
    internal static readonly FrozenSet<string> Cancellations = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "CANCEL",
        "CANCELED",
        "CANCELLED",
        "ANNULLED",
        "N/A"
    );
}

/// <summary>Volumes of a line: a number, or a number in quotes as many sources write it. They are rounded to cents, so digits may get lost, and one that is too large for a decimal is only too large.</summary>
internal sealed class ImportMarketsVolumeConverter : JsonConverter<decimal>
{
    private const NumberStyles Styles =
        NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType switch
        {
            JsonTokenType.Number => DecimalJsonConverter.ReadRounded(ref reader),
            JsonTokenType.String => Parse(reader.GetString()!),
            _ => throw new JsonException(),
        };

    private static decimal Parse(string text)
    {
        if (decimal.TryParse(text, Styles, CultureInfo.InvariantCulture, out var volume))
        {
            return volume;
        }

        // A number all the same, if not the words NaN or Infinity.
        return double.TryParse(text, Styles, CultureInfo.InvariantCulture, out var large) && !char.IsLetter(text[^1])
            ? DecimalJsonConverter.Largest(double.IsNegative(large))
            : throw new JsonException();
    }

    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value);
}

/// <summary>Times of a line: RFC 3339 as everywhere, or milliseconds since 1970 as many sources write them.</summary>
internal sealed class ImportMarketsTimeConverter : JsonConverter<DateTime>
{
    public const string Expected = Rfc3339.Expected + ", or milliseconds since 1970 as a whole number";

    private static readonly long Earliest = Milliseconds(new DateTime(1900, 1, 1, 0, 0, 0, DateTimeKind.Utc));

    private static readonly long Latest = Milliseconds(DateTime.MaxValue);

    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String && Rfc3339.TryParse(reader.GetString(), out var utc))
        {
            return utc;
        }

        return
            reader.TokenType == JsonTokenType.Number
            && reader.TryGetInt64(out var milliseconds)
            && milliseconds >= Earliest
            && milliseconds <= Latest
            ? DateTime.UnixEpoch.AddMilliseconds(milliseconds)
            : throw new InvalidMemberException($"The value {Expected}.");
    }

    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value);

    /// <remarks>Whole ones: the number of them in a <see cref="TimeSpan"/> is a double, which rounds the last of year 9999 up to year 10000.</remarks>
    private static long Milliseconds(DateTime time) => (time - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond;
}

/// <summary>What a line must be like to go in. A category and a creator's name are never rejected: they are brought to their form.</summary>
internal sealed class ImportMarketsValidator : AbstractValidator<ImportMarketsLine>
{
    /// <summary>A tenth of what the column holds, so that stakes can still be added.</summary>
    public const decimal MaxVolume = 999_999_999_999_999.99m;

    /// <summary>Together with <see cref="MaxExternalId"/> bounded by what a key of the database's index holds.</summary>
    private const int MaxSource = 100;

    private const int MaxExternalId = 500;

    public ImportMarketsValidator()
    {
        RuleFor(line => line.Source).Required().WithMessage("source is missing.").Line(1, MaxSource);
        RuleFor(line => line.ExternalId).Required().WithMessage("externalId is missing.").Line(1, MaxExternalId);
        RuleFor(line => line.Name).Required().WithMessage("name is missing.").MarketName();
        RuleFor(line => line.Description).MarketDescription();
        RuleFor(line => line.Status).OneOf(MarketStatus.All);
        RuleFor(line => line.Outcome)
            .Must(outcome => outcome is null || MarketOutcome.All.Contains(outcome, StringComparer.OrdinalIgnoreCase))
            .WithMessage(line => $"outcome must be YES or NO; it is {Quoted(line.Outcome!)}.");
        RuleFor(line => line.Resolution)
            .Must(resolution =>
                resolution is null
                || MarketOutcome.All.Contains(resolution, StringComparer.OrdinalIgnoreCase)
                || ImportMarketsLine.Cancellations.Contains(resolution)
            )
            .WithMessage(line =>
                $"resolution must be YES, NO, CANCEL, ANNULLED or N/A; it is {Quoted(line.Resolution!)}."
            );
        RuleFor(line => line.Resolution)
            .Must(
                (line, resolution) =>
                    line.Outcome is null
                    || resolution is null
                    || string.Equals(line.Outcome, resolution, StringComparison.OrdinalIgnoreCase)
            )
            .WithMessage("outcome and resolution contradict each other.");
        RuleFor(line => line.Outcome)
            .Must((line, _) => line.StoredOutcome is not null)
            .When(line => line.Status == MarketStatus.Resolved && !line.IsCancelled)
            .WithMessage("A resolved market needs an outcome.");
        RuleFor(line => line.Volume).GreaterThanOrEqualTo(0).WithMessage("volume must not be negative.");
        RuleFor(line => line.Volume)
            .LessThanOrEqualTo(MaxVolume)
            .WithMessage($"volume must be at most {MaxVolume.ToInvariant()}.");
    }

    /// <summary>A foreign text for our terminal: escaped and shortened.</summary>
    public static string Quoted(string text) =>
        JsonSerializer.Serialize(text.Length <= 40 ? text : text[..39] + "…", JsonSettings.Wire);
}
