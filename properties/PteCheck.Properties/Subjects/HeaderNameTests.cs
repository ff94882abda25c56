using System.Text;
using PteCheck.Native;
using PteCheck.Properties.Cli;

namespace PteCheck.Properties.Subjects;

/// <summary>The names that move_ptes of each generation uses exist in the header, as functions or as macros.</summary>
public sealed class HeaderNameTests
{
    private const string Common =
        "VM_WARN_ON_ONCE anon_vma_lock_write anon_vma_unlock_write flush_tlb_batched_pending flush_tlb_range "
        + "folio_test_large i_mmap_lock_write i_mmap_unlock_write move_pte pte_clear pte_mksoft_dirty pte_none "
        + "pte_offset_map_lock pte_offset_map_rw_nolock pte_present pte_swp_mksoft_dirty pte_unmap "
        + "pte_unmap_unlock ptep_get set_ptes spin_lock_nested spin_unlock vm_normal_folio "
        + "vma_has_uffd_without_event_remap CONFIG_MEM_SOFT_DIRTY EAGAIN PAGE_SHIFT PAGE_SIZE "
        + "SINGLE_DEPTH_NESTING set_pte_at ptep_get_and_clear pte_batch_hint likely unlikely min min_t ";

    private const string Older =
        "arch_enter_lazy_mmu_mode arch_leave_lazy_mmu_mode get_and_clear_full_ptes is_swap_pte "
        + "folio_pte_batch pte_clear_uffd_wp pte_marker_uffd_wp pte_swp_clear_uffd_wp ";

    private const string V617 =
        "folio_pte_batch_flags FPB_RESPECT_WRITE FPB_RESPECT_DIRTY FPB_RESPECT_SOFT_DIRTY FPB_MERGE_WRITE "
        + "FPB_MERGE_YOUNG_DIRTY get_and_clear_ptes ";

    private const string Newest =
        "lazy_mmu_mode_disable lazy_mmu_mode_enable pgtable_supports_soft_dirty pte_clear_uffd "
        + "pte_is_uffd_wp_marker pte_modify pte_swp_clear_uffd pte_uffd userfaultfd_rwp ";

    private const string Types =
        "pmd_t pte_t spinlock_t fpb_t pgprot_t swp_entry_t bool u64 struct_folio struct_mm_struct "
        + "struct_pagetable_move_control struct_vm_area_struct struct_page";

    [SubjectTheory]
    [InlineData(615, Common + Older + "FPB_IGNORE_DIRTY FPB_IGNORE_SOFT_DIRTY")]
    [InlineData(617, Common + Older + V617)]
    [InlineData(702, Common + V617 + Newest)]
    public void Names_exist(int kernel, string names)
    {
        var text = new StringBuilder("#include <ptecheck/ptecheck.h>\n");
        foreach (var name in names.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            text.Append($"#ifndef {name}\nvoid *has_{name} = (void *){name};\n#endif\n");
        }

        foreach (var name in Types.Split(' '))
        {
            text.Append(
                $"{name.Replace("struct_", "struct ", StringComparison.Ordinal)} *a_{name};\n"
            );
        }

        text.Append(
            "static int f(struct pagetable_move_control *c, unsigned long n, pmd_t *o, pmd_t *m)\n"
                + "{ return c && n && o && m ? 0 : 0; }\nPTECHECK_MREMAP(f)\n"
        );
        using var folder = new TemporaryRepository();
        var file = folder.PathOf("names.c");
        File.WriteAllText(file, text.ToString());
        using var compiler = new SubjectCompiler();

        Assert.Equal("mremap", compiler.Load(file, new(kernel)).AsImplementation().Operation);
    }
}
