namespace Alba;

/// <summary>What follows a scenario's HTTP method.</summary>
public interface IUrlExpression
{
    /// <summary>The address, relative to the program's root.</summary>
    SendExpression Url(string relativeUrl);

    /// <summary>A body to send as JSON.</summary>
    SendExpression Json<T>(T input);
}
