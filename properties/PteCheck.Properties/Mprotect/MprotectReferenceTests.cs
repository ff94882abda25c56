using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Kernel.Mprotect;
using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Properties.Mprotect;

/// <summary>The reference, entry by entry, against what change_pte_range of 6.16 says.</summary>
public sealed class MprotectReferenceTests
{
    private const VmaFlags ReadWrite = VmaFlags.Read | VmaFlags.Write;

    [Theory]
    [InlineData("exclusive: [0]", "A[0] D", "soft-dirty: untracked", true)]
    [InlineData("exclusive: []", "A[0] D", "soft-dirty: untracked", false)]
    [InlineData("exclusive: [0]", "A[0] D", "soft-dirty: tracked", false)]
    [InlineData("exclusive: [0]", "A[0] DS", "soft-dirty: tracked", true)]
    [InlineData("exclusive: [0]", "A[0] DU", "uffd: wp", false)]
    [InlineData("exclusive: [0]", "A[0] D", "uffd: wp", true)]
    public void APrivateEntryBecomesWritable(string folio, string pte, string vma, bool writable)
    {
        var machine = Run(
            $$"""
            arch: x86-64
            folios:
              A: { {{folio}} }
            vmas:
              - { name: a, pages: 1, flags: r, {{vma}} }
            ptes:
              a+0: {{pte}}
            run: mprotect a to rw
            """
        );

        Assert.Equal(writable, X86_64.PteWrite(First(machine), machine.Context));
    }

    [Theory]
    [InlineData("regular", "A[0] D", true)]
    [InlineData("regular", "A[0]", false)]
    [InlineData("shmem", "A[0]", true)]
    public void ASharedEntryBecomesWritable(string file, string pte, bool writable)
    {
        var kind = file == "shmem" ? "shmem" : "file";
        var machine = Run(
            $$"""
            arch: x86-64
            folios:
              A: { kind: {{kind}}, dirty: true }
            vmas:
              - { name: a, pages: 1, flags: r shared, file: {{file}} }
            ptes:
              a+0: {{pte}}
            run: mprotect a to rw
            """
        );

        Assert.Equal(writable, X86_64.PteWrite(First(machine), machine.Context));
    }

    [Theory]
    [InlineData("A: { exclusive: all }", "rw", true)]
    [InlineData("A: { exclusive: all, pins: 1 }", "rw", false)]
    [InlineData("A: { kind: lazyfree, dirty: true }", "rw", false)]
    [InlineData("A: { dirty: true }", "rw", true)]
    public void AScanMakesAnEntryProtnone(string folio, string flags, bool protnone)
    {
        var machine = Run(
            $$"""
            arch: x86-64
            folios:
              {{folio}}
            vmas:
              - { name: a, pages: 1, flags: {{flags}} }
            ptes:
              a+0: A
            run: mprotect a numa
            """
        );

        Assert.Equal(protnone, X86_64.PteProtnone(First(machine)));
    }

    [Fact]
    public void AScanPassesOverThePagesThatAChildShares()
    {
        var machine = Run(
            """
            arch: x86-64
            mms: [m, child]
            folios:
              A: {}
            vmas:
              - { name: a, pages: 1 }
              - { name: b, mm: child, pages: 1 }
            ptes:
              a+0: A
              b+0: A
            run: mprotect a numa
            """
        );

        Assert.False(X86_64.PteProtnone(First(machine)));
    }

    [Fact]
    public void AMappingIsSplitWhereOnlyAPartOfItChanges()
    {
        var machine = Run(
            """
            arch: x86-64
            vmas:
              - { name: a, at: 8, pages: 6 }
            run: mprotect a+2..3 to r
            """
        );

        Assert.Equal(VmaFlags.Read, machine.Vmas[machine.FindVma(0, 10)].Flags);
        Assert.Equal(VmaFlags.Read, machine.Vmas[machine.FindVma(0, 11)].Flags);
        foreach (var vpn in (uint[])[8, 9, 12, 13])
        {
            Assert.Equal(ReadWrite, machine.Vmas[machine.FindVma(0, vpn)].Flags);
        }
    }

    private static Pte First(Machine machine) => machine.PteAt(0, machine.Vmas[0].Start);

    private static Machine Run(string text)
    {
        var scenario = ScenarioReader.Read(text, "test.yaml");
        var machine = new Machine();
        var call = new Expander().Expand<X86_64>(scenario, machine, KernelVersion.V7_2);
        var kernel = new KernelContext<X86_64>(machine, new Trace(), new FaultLog());
        var operation = MprotectOperation.Instance;
        operation.Run(kernel, call, operation.Reference());
        return machine;
    }
}
