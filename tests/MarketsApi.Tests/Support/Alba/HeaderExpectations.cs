using System.Text.RegularExpressions;

namespace Alba;

/// <summary>What is expected of one header of the answer.</summary>
public sealed class HeaderExpectations(Scenario scenario, string headerKey)
{
    /// <summary>It is there once, with this value.</summary>
    public HeaderExpectations SingleValueShouldEqual(string expected) =>
        Expect(values => values is [var only] && only == expected ? null : $"'{expected}'");

    /// <summary>It is there once, with a value that matches.</summary>
    public HeaderExpectations SingleValueShouldMatch(Regex regex) =>
        Expect(values => values is [var only] && regex.IsMatch(only) ? null : $"a match of {regex}");

    /// <summary>It is there at least once.</summary>
    public HeaderExpectations ShouldHaveValues() => Expect(values => values.Length > 0 ? null : "a value");

    /// <summary>It isn't there.</summary>
    public HeaderExpectations ShouldNotBeWritten() => Expect(values => values.Length == 0 ? null : "nothing");

    private HeaderExpectations Expect(Func<string[], string?> expectation)
    {
        scenario.Expect(result =>
        {
            var values = result.Context.Response.Headers[headerKey].OfType<string>().ToArray();
            return expectation(values) is { } expected
                ? $"Expected header {headerKey} to have {expected}, but it had '{string.Join("', '", values)}'."
                : null;
        });
        return this;
    }
}
