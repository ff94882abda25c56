using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Machines;

namespace PteCheck.Native.Abi;

/// <summary>
/// Writes <c>layout.h</c>: the structures that checker and subject share, as the compiler of the checker lays
/// them out. The one source of both sides; a subject carries the hash of what it was compiled with.
/// </summary>
public static class LayoutHeader
{
    private static readonly Type[] Structures =
    [
        typeof(Mm),
        typeof(Vma),
        typeof(PageTable),
        typeof(Pmd),
        typeof(Folio),
        typeof(CollapseRequest),
        typeof(OperationCall),
        typeof(SubjectInvocation),
        typeof(SubjectRecord),
        typeof(SubjectPatch),
        typeof(SubjectImage),
        typeof(SubjectCase),
        typeof(SubjectControl),
    ];

    private static readonly Type[] Enumerations =
    [
        typeof(SubjectOp),
        typeof(SubjectStatus),
        typeof(SubjectOperation),
        typeof(LockMode),
        typeof(ScanResult),
        typeof(FolioKind),
        typeof(PmdKind),
        typeof(FolioFlags),
        typeof(VmaFlags),
    ];

    private static readonly Lazy<string> Body = new(WriteBody);

    /// <summary>The hash of everything but itself.</summary>
    public static ulong Hash { get; } = HashOf(Body.Value);

    /// <summary>The text of the header.</summary>
    public static string Write() =>
        "/* SPDX-License-Identifier: MIT */\n"
        + "/* Written by `ptecheck subject layout` from the structures of the checker; not to be edited. */\n"
        + "#ifndef PTECHECK_LAYOUT_H\n#define PTECHECK_LAYOUT_H\n\n#include <stddef.h>\n#include <stdint.h>\n\n"
        + string.Create(CultureInfo.InvariantCulture, $"#define PTECHECK_LAYOUT 0x{Hash:x16}ULL\n")
        + Body.Value
        + "\n#endif\n";

    private static string WriteBody()
    {
        var text = new StringBuilder();
        WriteConstants(text, typeof(AreaLayout), "PTECHECK_AREA_");
        WriteConstants(text, typeof(Machine), "PTECHECK_");
        WriteConstants(text, typeof(TlbUbc), "PTECHECK_TLB_UBC_");
        foreach (var enumeration in Enumerations)
        {
            WriteEnumeration(text, enumeration);
        }

        foreach (var structure in Structures)
        {
            WriteStructure(text, structure);
        }

        return text.ToString();
    }

    private static void WriteConstants(StringBuilder text, Type type, string prefix)
    {
        text.Append('\n');
        foreach (var field in type.GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            if (field is { IsLiteral: true } && field.GetRawConstantValue() is { } value)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"#define {prefix}{Snake(field.Name).ToUpperInvariant()} {value}{(value is ulong ? "ULL" : "")}\n"
                );
            }
        }
    }

    private static void WriteEnumeration(StringBuilder text, Type type)
    {
        var prefix = "PTECHECK_" + Snake(NameOf(type)).ToUpperInvariant() + "_";
        text.Append('\n');
        foreach (var name in Enum.GetNames(type))
        {
            var value = Convert.ToUInt64(Enum.Parse(type, name), CultureInfo.InvariantCulture);
            text.Append(
                CultureInfo.InvariantCulture,
                $"#define {prefix}{Snake(name).ToUpperInvariant()} {value}u\n"
            );
        }
    }

    private static void WriteStructure(StringBuilder text, Type type)
    {
        var tag = "struct ptecheck_" + Snake(NameOf(type));
        var checks = new StringBuilder();
        var (offset, alignment) = (0, 1);
        text.Append(CultureInfo.InvariantCulture, $"\n{tag} {{\n");
        foreach (var field in FieldsOf(type))
        {
            var (name, size, align) = CType(field.FieldType);
            offset = (offset + align - 1) / align * align;
            alignment = Math.Max(alignment, align);
            text.Append(CultureInfo.InvariantCulture, $"\t{name} {Snake(field.Name)};\n");
            checks.Append(
                CultureInfo.InvariantCulture,
                $"_Static_assert(offsetof({tag}, {Snake(field.Name)}) == {offset}, \"{Snake(field.Name)}\");\n"
            );
            offset += size;
        }

        offset = (offset + alignment - 1) / alignment * alignment;
        if (offset != SizeOf(type))
        {
            throw new InvalidOperationException($"{type.Name} is not laid out as in C");
        }

        text.Append("};\n")
            .Append(checks)
            .Append(
                CultureInfo.InvariantCulture,
                $"_Static_assert(sizeof({tag}) == {offset}, \"size\");\n"
            );
    }

    private static IEnumerable<FieldInfo> FieldsOf(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Instance)
            .OrderBy(field => field.MetadataToken);

    private static (string Name, int Size, int Align) CType(Type type)
    {
        if (type.IsEnum)
        {
            return CType(Enum.GetUnderlyingType(type));
        }

        return Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean or TypeCode.Byte => ("uint8_t", 1, 1),
            TypeCode.Int16 => ("int16_t", 2, 2),
            TypeCode.UInt16 => ("uint16_t", 2, 2),
            TypeCode.Int32 => ("int32_t", 4, 4),
            TypeCode.UInt32 => ("uint32_t", 4, 4),
            TypeCode.UInt64 => ("uint64_t", 8, 8),
            _ when type.IsValueType => (
                "struct ptecheck_" + Snake(NameOf(type)),
                SizeOf(type),
                FieldsOf(type).Max(field => CType(field.FieldType).Align)
            ),
            _ => throw new InvalidOperationException($"{type.Name} has no twin in C"),
        };
    }

    private static int SizeOf(Type type) =>
        (int)
            typeof(Unsafe)
                .GetMethod(nameof(Unsafe.SizeOf))!
                .MakeGenericMethod(type)
                .Invoke(null, null)!;

    private static string NameOf(Type type) =>
        type.Name switch
        {
            nameof(SubjectOp) => "Op",
            nameof(SubjectStatus) => "Status",
            nameof(SubjectOperation) => "Operation",
            nameof(PageTable) => "Table",
            nameof(OperationCall) => "Call",
            var name when name.StartsWith("Subject", StringComparison.Ordinal) => name[
                "Subject".Length..
            ],
            var name => name,
        };

    /// <summary>From PascalCase to snake_case; a digit stays with the letter before it.</summary>
    private static string Snake(string name)
    {
        var text = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i]))
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }

    /// <summary>FNV-1a.</summary>
    private static ulong HashOf(string text)
    {
        var hash = 0xcbf29ce484222325;
        foreach (var letter in text)
        {
            hash = (hash ^ letter) * 0x100000001b3;
        }

        return hash;
    }
}
