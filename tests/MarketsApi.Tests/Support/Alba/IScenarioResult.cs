using Microsoft.AspNetCore.Http;

namespace Alba;

/// <summary>The answer to a scenario's request.</summary>
public interface IScenarioResult
{
    /// <summary>The answer's status and headers, in <see cref="HttpContext.Response"/>.</summary>
    HttpContext Context { get; }

    /// <summary>The body as text.</summary>
    string ReadAsText();

    /// <summary>The body, deserialized.</summary>
    T ReadAsJson<T>();
}
