using System.Xml;

namespace PteCheck.Reports.Formats;

/// <summary>Text that may stand in XML.</summary>
internal static class XmlText
{
    /// <summary>The text with a question mark for every character that XML does not allow.</summary>
    public static string Clean(string text) =>
        text.All(XmlConvert.IsXmlChar)
            ? text
            : string.Concat(text.Select(letter => XmlConvert.IsXmlChar(letter) ? letter : '?'));
}
