using PteCheck.Model.Architectures;
using PteCheck.Model.Tlbs;

namespace PteCheck.Properties.Architectures;

/// <summary>What the hardware reads out of a word: both TLB models start from it, so it has vectors of its own.</summary>
public sealed class HardwareRightsTests
{
    private const TlbRights ReadUser = TlbRights.Read | TlbRights.User;
    private const TlbRights WriteUser = ReadUser | TlbRights.Write;

    [Theory]
    [InlineData(0x8000000012345067, false, WriteUser | TlbRights.Dirty)]
    [InlineData(0x8000000012345027, false, WriteUser)]
    [InlineData(0x8000000012345007, false, WriteUser)]
    [InlineData(0x8000000012345025, false, ReadUser)]
    [InlineData(0x0000000012345025, false, ReadUser | TlbRights.Execute)]
    [InlineData(0x8000000012345021, false, TlbRights.Read)]
    [InlineData(0x8000000012345065, false, ReadUser | TlbRights.Dirty)]
    [InlineData(0x8000000012345065, true, ReadUser | TlbRights.Dirty | TlbRights.ShadowStackWrite)]
    [InlineData(0x8400000012345025, true, ReadUser)]
    [InlineData(0x8000000012345067, true, WriteUser | TlbRights.Dirty)]
    [InlineData(0x000fffffedcba120, true, TlbRights.None)]
    [InlineData(0x07ffffffffdffe00, true, TlbRights.None)]
    [InlineData(0x0000000000000060, true, TlbRights.None)]
    public void X86_64(ulong word, bool shadowStack, TlbRights expected) =>
        Assert.Equal(expected, Rights<X86_64>(word, shadowStack));

    [Theory]
    [InlineData(0x0068000012345f43, WriteUser | TlbRights.Dirty)]
    [InlineData(0x0068000012345fc3, WriteUser)]
    [InlineData(0x0060000012345fc3, ReadUser)]
    [InlineData(0x00e0000012345fc3, ReadUser)]
    [InlineData(0x0060000012345bc3, ReadUser)]
    [InlineData(0x0020000012345fc3, ReadUser | TlbRights.Execute)]
    [InlineData(0x0060000012345f83, TlbRights.Read)]
    [InlineData(0x0078000012345fc3, WriteUser)]
    [InlineData(0x0060000012345f82, TlbRights.None)]
    [InlineData(0x0000000001000040, TlbRights.None)]
    [InlineData(0x0000000000000000, TlbRights.None)]
    public void Arm64(ulong word, TlbRights expected) =>
        Assert.Equal(expected, Rights<Arm64>(word, shadowStack: false));

    [Fact]
    public void Protections_of_user_mappings()
    {
        Assert.Equal(0x0000000000000120UL, Model.Architectures.X86_64.PageNone.Word);
        Assert.Equal(0x8000000000000025UL, Model.Architectures.X86_64.PageReadOnly(false).Word);
        Assert.Equal(0x0000000000000025UL, Model.Architectures.X86_64.PageReadOnly(true).Word);
        Assert.Equal(0x8000000000000027UL, Model.Architectures.X86_64.PageShared(false).Word);
        Assert.Equal(0x0060000000000f82UL, Model.Architectures.Arm64.PageNone.Word);
        Assert.Equal(0x0060000000000fc3UL, Model.Architectures.Arm64.PageReadOnly(false).Word);
        Assert.Equal(0x0020000000000fc3UL, Model.Architectures.Arm64.PageReadOnly(true).Word);
        Assert.Equal(0x0068000000000fc3UL, Model.Architectures.Arm64.PageShared(false).Word);
    }

    private static TlbRights Rights<TArch>(ulong word, bool shadowStack)
        where TArch : struct, IArch =>
        TArch.HardwareRights(new(word), new(KernelVersion.V7_2, shadowStack, Bbml2: false));
}
