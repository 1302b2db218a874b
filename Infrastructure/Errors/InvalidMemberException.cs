using System.Text.Json;

namespace MarketsApi.Infrastructure.Errors;

/// <summary>A JSON value of the right type but the wrong form; its message is written for the caller.</summary>
internal sealed class InvalidMemberException(string message) : JsonException(message);
