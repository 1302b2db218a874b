using System.CommandLine;

namespace MarketsApi.Infrastructure.CommandLine;

/// <summary>A verb of the program's command line, found like endpoints are: a public or internal class in its slice's folder.</summary>
internal interface IVerb
{
    /// <summary>The verb with its options and its action; the action's number is the program's exit code.</summary>
    Command Describe();
}
