using System.Text.Json;
using System.Text.RegularExpressions;

namespace PteCheck.Properties.Reports;

/// <summary>
/// As much of JSON Schema 2020-12 as <c>ptecheck/1</c> uses. A keyword that it does not know is an
/// error, so that nothing in a schema is passed over.
/// </summary>
internal sealed class JsonSchemaValidator
{
    private static readonly string[] Annotations =
    [
        "$schema",
        "$id",
        "$defs",
        "title",
        "description",
    ];
    private readonly JsonElement root;
    private readonly List<string> errors = [];

    private JsonSchemaValidator(JsonElement root) => this.root = root;

    /// <summary>What is wrong with a document; empty when it is valid.</summary>
    public static IReadOnlyList<string> Validate(string schema, string document)
    {
        using var schemaDocument = JsonDocument.Parse(schema);
        using var instance = JsonDocument.Parse(document);
        var validator = new JsonSchemaValidator(schemaDocument.RootElement);
        validator.Check(schemaDocument.RootElement, instance.RootElement, "$");
        return validator.errors;
    }

    private void Check(JsonElement schema, JsonElement value, string path)
    {
        foreach (var keyword in schema.EnumerateObject())
        {
            var argument = keyword.Value;
            var isFine = keyword.Name switch
            {
                "type" => HasType(argument, value),
                "const" => JsonElement.DeepEquals(argument, value),
                "enum" => argument.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)),
                "minimum" => value.ValueKind != JsonValueKind.Number
                    || value.GetDouble() >= argument.GetDouble(),
                "pattern" => value.ValueKind != JsonValueKind.String
                    || Regex.IsMatch(
                        value.GetString()!,
                        argument.GetString()!,
                        RegexOptions.ExplicitCapture,
                        TimeSpan.FromSeconds(1)
                    ),
                "required" => value.ValueKind != JsonValueKind.Object
                    || argument
                        .EnumerateArray()
                        .All(name => value.TryGetProperty(name.GetString()!, out _)),
                "anyOf" => argument.EnumerateArray().Any(one => IsValid(one, value, path)),
                "$ref" => CheckReference(argument.GetString()!, value, path),
                "items" => CheckItems(argument, value, path),
                "properties" => CheckProperties(argument, value, path),
                "additionalProperties" => CheckOthers(schema, argument, value, path),
                _ => Annotations.Contains(keyword.Name, StringComparer.Ordinal),
            };
            if (!isFine)
            {
                errors.Add($"{path}: {keyword.Name}: {argument}");
            }
        }
    }

    private bool IsValid(JsonElement schema, JsonElement value, string path)
    {
        var inner = new JsonSchemaValidator(root);
        inner.Check(schema, value, path);
        return inner.errors.Count == 0;
    }

    private bool CheckReference(string reference, JsonElement value, string path)
    {
        var name = reference["#/$defs/".Length..];
        Check(root.GetProperty("$defs").GetProperty(name), value, path);
        return true;
    }

    private bool CheckItems(JsonElement schema, JsonElement value, string path)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            var index = 0;
            foreach (var item in value.EnumerateArray())
            {
                Check(schema, item, $"{path}[{index++}]");
            }
        }

        return true;
    }

    private bool CheckProperties(JsonElement schemas, JsonElement value, string path)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var schema in schemas.EnumerateObject())
            {
                if (value.TryGetProperty(schema.Name, out var property))
                {
                    Check(schema.Value, property, $"{path}.{schema.Name}");
                }
            }
        }

        return true;
    }

    private bool CheckOthers(JsonElement schema, JsonElement others, JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return true;
        }

        var isFine = true;
        foreach (var property in value.EnumerateObject())
        {
            var isNamed =
                schema.TryGetProperty("properties", out var named)
                && named.TryGetProperty(property.Name, out _);
            if (isNamed)
            {
                continue;
            }

            if (others.ValueKind == JsonValueKind.Object)
            {
                Check(others, property.Value, $"{path}.{property.Name}");
            }
            else
            {
                isFine &= others.ValueKind == JsonValueKind.True;
            }
        }

        return isFine;
    }

    private static bool HasType(JsonElement types, JsonElement value) =>
        types.ValueKind == JsonValueKind.Array
            ? types.EnumerateArray().Any(type => HasType(type, value))
            : types.GetString() switch
            {
                "object" => value.ValueKind == JsonValueKind.Object,
                "array" => value.ValueKind == JsonValueKind.Array,
                "string" => value.ValueKind == JsonValueKind.String,
                "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
                "null" => value.ValueKind == JsonValueKind.Null,
                "integer" => value.ValueKind == JsonValueKind.Number
                    && (value.TryGetInt64(out _) || value.TryGetUInt64(out _)),
                "number" => value.ValueKind == JsonValueKind.Number,
                _ => false,
            };
}
