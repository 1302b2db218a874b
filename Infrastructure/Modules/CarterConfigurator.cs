namespace Carter;

/// <summary>What the caller of <c>AddCarter</c> may adjust. Stand-in for the type of the same name in Carter 10.</summary>
public class CarterConfigurator
{
    internal bool ExcludeValidators { get; private set; }

    /// <summary>Registers no validators: the program registers its own, by <c>AddValidation</c>.</summary>
    public CarterConfigurator WithEmptyValidators()
    {
        ExcludeValidators = true;
        return this;
    }
}
