using FluentValidation;
using FluentValidation.Internal;
using FluentValidation.Validators;
using MarketsApi.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Validation;

/// <summary>What the rules of all requests say when they are broken.</summary>
public sealed class ValidationMessageTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    /// <summary>FluentValidation's own sentences name our properties, in quotes, and their codes are names of its classes.</summary>
    [Fact]
    public void Each_rule_has_a_sentence_of_our_own()
    {
        var rules = AssemblyScanner
            .FindValidatorsInAssembly(typeof(Program).Assembly, includeInternalTypes: true)
            .Select(found =>
                (IValidator)ActivatorUtilities.GetServiceOrCreateInstance(api.Host.Services, found.ValidatorType)
            )
            .SelectMany(validator =>
                validator
                    .CreateDescriptor()
                    .Rules.SelectMany(rule => rule.Components.Select(part => (validator, rule, part)))
            )
            .Where(found => found.part.Validator is not IChildValidatorAdaptor)
            .ToList();

        Assert.True(rules.Count > 30, "few rules were found");
        foreach (var (validator, rule, part) in rules)
        {
            var message = MessageOf(part);
            Assert.False(
                message.StartsWith('\''),
                $"{validator.GetType().Name}, {rule.PropertyName}, {part.ErrorCode ?? part.Validator.Name}: {message}"
            );
        }
    }

    private static string MessageOf(IRuleComponent part)
    {
        try
        {
            return part.GetUnformattedErrorMessage();
        }
        catch (NullReferenceException)
        {
            // A message that reads the request, which doesn't exist here.
            return "";
        }
    }
}
