namespace Alba;

/// <summary>What follows a scenario's body or address.</summary>
public sealed class SendExpression(Scenario scenario)
{
    /// <summary>The address, relative to the program's root.</summary>
    public SendExpression ToUrl(string url)
    {
        scenario.RelativeUrl = url;
        return this;
    }

    /// <summary>Another media type than the body's own.</summary>
    public SendExpression ContentType(string contentType)
    {
        scenario.RequestContentType = contentType;
        return this;
    }
}
