using System.Reflection;
using System.Reflection.Emit;

namespace MarketsApi.Tests.Architecture;

/// <summary>The types that a type uses, read from its signatures, attributes and compiled code. Constants leave no trace there.</summary>
internal static class TypeReferences
{
    private const BindingFlags All =
        BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.Instance
        | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<int, OpCode> OpCodesByValue = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => (int)(ushort)code.Value);

    public static IEnumerable<Type> Of(Type type)
    {
        var methods = type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)).ToList();
        return type.GetFields(All)
            .Select(field => field.FieldType)
            .Concat(type.GetInterfaces())
            .Append(type.BaseType)
            .Concat(type.GetCustomAttributesData().Select(data => data.AttributeType))
            .Concat(methods.OfType<MethodInfo>().Select(method => method.ReturnType))
            .Concat(methods.SelectMany(method => method.GetParameters()).Select(parameter => parameter.ParameterType))
            .Concat(methods.SelectMany(UsedInBody))
            .OfType<Type>()
            .SelectMany(Parts)
            .Distinct();
    }

    private static IEnumerable<Type?> UsedInBody(MethodBase method)
    {
        var code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        var ofType = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        var ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (var at = 0; at < code.Length; )
        {
            var value = code[at++] is not 0xFE and var single ? single : 0xFE00 | code[at++];
            var operand = OpCodesByValue[value].OperandType;
            if (
                operand
                is OperandType.InlineMethod
                    or OperandType.InlineField
                    or OperandType.InlineType
                    or OperandType.InlineTok
            )
            {
                var member = method.Module.ResolveMember(BitConverter.ToInt32(code, at), ofType, ofMethod);
                yield return member as Type ?? member?.DeclaringType;
                foreach (var argument in (member as MethodInfo)?.GetGenericArguments() ?? [])
                {
                    yield return argument;
                }
            }

            at += operand switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }
    }

    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!)
        : type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition())
        : [type];
}
