using System.Text;
using PteCheck.Native;
using PteCheck.Properties.Cli;
using PteCheck.Properties.Regressions;

namespace PteCheck.Properties.Subjects;

/// <summary>The names that move_ptes of each generation and four more functions use exist in the header, as functions, as macros or as enumerators.</summary>
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

    private const string Batch =
        "BIT FPB_MERGE_WRITE FPB_MERGE_YOUNG_DIRTY FPB_RESPECT_DIRTY FPB_RESPECT_SOFT_DIRTY "
        + "FPB_RESPECT_WRITE PageTable VM_WARN_ON VM_WARN_ON_FOLIO folio_nr_pages folio_pfn "
        + "folio_test_large likely min min_t page_folio pfn_to_page pte_advance_pfn pte_batch_hint "
        + "pte_clear_soft_dirty pte_dirty pte_mkclean pte_mkdirty pte_mkold pte_mkwrite pte_mkyoung "
        + "pte_pfn pte_present pte_same pte_write pte_wrprotect pte_young ptep_get virt_addr_valid "
        + "virt_to_page ";

    private const string Unmap =
        "DEFINE_FOLIO_VMA_WALK PageAnonExclusive VM_BUG_ON_FOLIO WARN_ON_ONCE add_mm_counter "
        + "arch_unmap_one cond_install_uffd_wp_ptes dec_mm_counter flush_cache_range flush_tlb_range "
        + "folio_dup_swap folio_mapcount folio_mark_dirty folio_nr_pages folio_page folio_pfn "
        + "folio_pte_batch_flags folio_put_refs folio_put_swap folio_ref_count folio_remove_rmap_ptes "
        + "folio_set_swapbacked folio_test_anon folio_test_dirty folio_test_hwpoison folio_test_large "
        + "folio_test_lazyfree folio_test_swapbacked folio_test_swapcache folio_try_share_anon_rmap_pte "
        + "get_and_clear_ptes inc_mm_counter likely make_hwpoison_entry mlock_drain_local "
        + "mlock_vma_folio mm_counter mm_counter_file mm_prepare_for_swap_entries "
        + "mmu_notifier_invalidate_range_end mmu_notifier_invalidate_range_start "
        + "mmu_notifier_range_init page_swap_entry page_vma_mapped_walk page_vma_mapped_walk_done "
        + "page_vma_mapped_walk_restart pmd_addr_end pte_clear pte_dirty pte_pfn pte_present "
        + "pte_soft_dirty pte_swp_mkexclusive pte_swp_mksoft_dirty pte_swp_mkuffd pte_swp_soft_dirty "
        + "pte_swp_uffd pte_uffd pte_unused ptep_get set_pte_at set_ptes set_tlb_ubc_flush_pending "
        + "should_defer_flush smp_mb smp_rmb softleaf_from_pte softleaf_to_pfn split_huge_pmd_locked "
        + "swp_entry_to_pte unmap_huge_pmd_locked update_hiwater_rss userfaultfd_armed "
        + "userfaultfd_protected vma_address_end MMU_NOTIFY_CLEAR MM_ANONPAGES MM_SWAPENTS PAGE_SHIFT "
        + "PAGE_SIZE PVMW_PGTABLE_CROSSED PVMW_SYNC TTU_BATCH_FLAGS TTU_HWPOISON TTU_IGNORE_MLOCK "
        + "TTU_SPLIT_HUGE_PMD TTU_SYNC VM_DROPPABLE VM_LOCKED ";

    private const string Collapse =
        "IS_ERR WARN_ON_ONCE add_mm_counter clear_ptes do_set_pmd filemap_lock_folio "
        + "find_pmd_or_thp_or_none flush_tlb_mm folio_get folio_order folio_page folio_pte_batch "
        + "folio_put folio_ref_sub folio_remove_rmap_ptes folio_unlock is_pmd_order is_zone_device_page "
        + "linear_page_index mm_counter_file mm_dec_nr_ptes mmap_assert_locked "
        + "mmu_notifier_invalidate_range_end mmu_notifier_invalidate_range_start "
        + "mmu_notifier_range_init p4d_alloc page_table_check_pte_clear_range pgd_offset pmd_alloc "
        + "pmd_lock pmd_pgtable pmd_same pmdp_collapse_flush pmdp_get_lockless pmdp_get_lockless_sync "
        + "pte_free_defer pte_none pte_offset_map_lock pte_offset_map_rw_nolock pte_present "
        + "pte_unmap_unlock ptep_get pud_alloc range_in_vma spin_lock spin_lock_nested spin_unlock "
        + "thp_vma_allowable_order unlikely userfaultfd_armed userfaultfd_protected vm_normal_page "
        + "vma_lookup HPAGE_PMD_MASK HPAGE_PMD_NR HPAGE_PMD_SIZE MMU_NOTIFY_CLEAR NULL PAGE_SHIFT "
        + "PAGE_SIZE PMD_ORDER SCAN_FAIL SCAN_NO_PTE_TABLE SCAN_PAGE_COMPOUND SCAN_PAGE_NULL "
        + "SCAN_PMD_MAPPED SCAN_PTE_NON_PRESENT SCAN_PTE_UFFD SCAN_SUCCEED SCAN_VMA_CHECK "
        + "SINGLE_DEPTH_NESTING TVA_FORCED_COLLAPSE VM_SHARED ";

    private const string Change =
        "PageAnonExclusive can_change_shared_pte_writable flush_tlb_batched_pending "
        + "folio_can_map_prot_numa folio_pte_batch_flags folio_test_anon folio_test_large "
        + "lazy_mmu_mode_disable lazy_mmu_mode_enable likely make_pte_marker "
        + "make_readable_device_private_entry make_readable_exclusive_migration_entry "
        + "make_readable_migration_entry maybe_change_pte_writable modify_prot_commit_ptes "
        + "modify_prot_start_ptes page_folio pte_advance_pfn pte_clear pte_clear_uffd pte_mkuffd "
        + "pte_mkwrite pte_modify pte_needs_flush pte_none pte_offset_map_lock pte_present pte_protnone "
        + "pte_same pte_swp_clear_uffd pte_swp_mksoft_dirty pte_swp_mkuffd pte_swp_soft_dirty "
        + "pte_swp_uffd pte_uffd pte_unmap_unlock pte_write ptep_get set_pte_at softleaf_from_pte "
        + "softleaf_is_device_private_write softleaf_is_guard_marker softleaf_is_marker "
        + "softleaf_is_migration_write softleaf_is_poison_marker softleaf_to_folio swp_entry_to_pte "
        + "swp_offset tlb_change_page_size tlb_flush_pte_range userfaultfd_rwp "
        + "userfaultfd_wp_use_markers vm_normal_page vma_is_single_threaded_private vma_test EAGAIN "
        + "FPB_RESPECT_SOFT_DIRTY FPB_RESPECT_WRITE MM_CP_PROT_NUMA MM_CP_TRY_CHANGE_WRITABLE "
        + "MM_CP_UFFD_RWP MM_CP_UFFD_RWP_RESOLVE MM_CP_UFFD_WP MM_CP_UFFD_WP_RESOLVE NULL PAGE_NONE "
        + "PAGE_SHIFT PAGE_SIZE PTE_MARKER_UFFD_WP VMA_SHARED_BIT ";

    private const string Zap =
        "__tlb_remove_folio_pages arch_check_zapped_pte clear_full_ptes folio_mapcount "
        + "folio_mark_accessed folio_mark_dirty folio_pte_batch folio_remove_rmap_ptes folio_test_anon "
        + "folio_test_large get_and_clear_full_ptes ksm_might_unmap_zero_page likely mm_counter "
        + "page_folio print_bad_pte pte_dirty pte_install_uffd_wp_if_needed pte_young "
        + "ptep_get_and_clear_full tlb_delay_rmap tlb_remove_tlb_entries tlb_remove_tlb_entry unlikely "
        + "userfaultfd_pte_wp vm_normal_page vma_has_recency vma_is_anonymous CONFIG_PTE_MARKER_UFFD_WP "
        + "MM_ANONPAGES PAGE_SIZE ZAP_FLAG_DROP_MARKER ";

    /// <summary>What the same functions of 6.17 to 7.1 use besides, read with the static functions that they call.</summary>
    private const string Whole =
        "VM_BUG_ON VM_BUG_ON_PAGE PageHWPoison folio_test_hugetlb hstate_vma huge_page_size "
        + "huge_pmd_unshare huge_pmd_unshare_flush huge_ptep_clear_flush set_huge_pte_at "
        + "hugetlb_count_sub hugetlb_remove_rmap hugetlb_vma_trylock_write hugetlb_vma_unlock_write "
        + "adjust_range_if_pmd_sharing_possible tlb_gather_mmu_vma tlb_finish_mmu "
        + "arch_tlbbatch_should_defer pte_uffd_wp pte_swp_uffd_wp pte_swp_mkuffd_wp pte_to_swp_entry "
        + "is_pfn_swap_entry is_device_exclusive_entry pmd_present pmd_none pmd_bad pmd_trans_huge "
        + "pmd_is_migration_entry is_pmd_migration_entry mm_find_pmd userfaultfd_wp SCAN_PMD_NULL "
        + "SCAN_PMD_NONE HPAGE_PMD_ORDER pte_mkuffd_wp pte_clear_uffd_wp pte_swp_clear_uffd_wp "
        + "pte_needs_soft_dirty_wp userfaultfd_pte_wp is_zero_pfn is_cow_mapping folio_maybe_dma_pinned "
        + "folio_maybe_mapped_shared folio_is_zone_device folio_test_ksm folio_is_file_lru folio_nid "
        + "numa_node_id node_is_toptier folio_use_access_time folio_xchg_access_time jiffies_to_msecs "
        + "NUMA_NO_NODE NUMA_BALANCING_NORMAL sysctl_numa_balancing_mode atomic_read jiffies "
        + "is_writable_migration_entry is_writable_device_private_entry is_pte_marker_entry "
        + "is_poisoned_swp_entry is_guard_swp_entry pfn_swap_entry_folio uffd_supports_wp_marker "
        + "lazy_mmu_mode_enable lazy_mmu_mode_disable arch_enter_lazy_mmu_mode "
        + "arch_leave_lazy_mmu_mode softleaf_from_pte get_and_clear_ptes clear_ptes list_empty list_add "
        + "mmlist_lock init_mm ";

    private const string Types =
        "pmd_t pte_t spinlock_t fpb_t pgprot_t swp_entry_t bool u64 struct_folio struct_mm_struct "
        + "struct_pagetable_move_control struct_vm_area_struct struct_page "
        + "enum_scan_result enum_ttu_flags p4d_t pgd_t pud_t softleaf_t struct_mm_struct struct_mmu_gather "
        + "struct_mmu_notifier_range struct_list_head atomic_t zap_flags_t struct_page_vma_mapped_walk struct_vm_fault struct_zap_details";

    [SubjectTheory]
    [InlineData(615, Common + Older + "FPB_IGNORE_DIRTY FPB_IGNORE_SOFT_DIRTY")]
    [InlineData(617, Common + Older + V617)]
    [InlineData(702, Common + V617 + Newest)]
    [InlineData(702, Unmap)]
    [InlineData(702, Collapse)]
    [InlineData(702, Change)]
    [InlineData(702, Zap)]
    [InlineData(702, Batch)]
    [InlineData(617, Whole)]
    [InlineData(702, Whole)]
    public void Names_exist(int kernel, string names)
    {
        var text = new StringBuilder("#include <ptecheck/ptecheck.h>\n");
        foreach (var name in names.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            text.Append($"#ifndef {name}\nvoid *has_{name} = (void *)(uintptr_t){name};\n#endif\n");
        }

        foreach (var name in Types.Split(' '))
        {
            text.Append(
                $"{name.Replace("struct_", "struct ", StringComparison.Ordinal).Replace("enum_", "enum ", StringComparison.Ordinal)} *a_{name};\n"
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

    [SubjectFact]
    public void Names_that_the_file_has_too_are_the_files()
    {
        using var folder = new TemporaryRepository();
        var file = folder.PathOf("names.c");
        File.WriteAllText(
            file,
            """
            #include <ptecheck/ptecheck.h>

            /* static inline bool pte_none(pte_t pte) { nothing } */
            static bool can_change_shared_pte_writable(struct vm_area_struct *vma, pte_t pte)
            {
                return vma && pte_dirty(pte);
            }

            static inline struct folio *vm_normal_folio(struct vm_area_struct *vma,
                    unsigned long addr, pte_t pte)
            {
                return vm_normal_page(vma, addr, pte) ? NULL : NULL;
            }

            static int find_pmd_or_thp_or_none(struct mm_struct *mm, unsigned long address, pmd_t **pmd)
            {
                *pmd = mm_find_pmd(mm, address);
                return *pmd ? SCAN_SUCCEED : SCAN_PMD_NULL;
            }

            static int f(struct pagetable_move_control *c, unsigned long n, pmd_t *o, pmd_t *m)
            {
                pte_t pte = __pte(n);

                return !vm_normal_folio(c->old, n, pte) && o && m && pte_none(pte) &&
                       can_change_shared_pte_writable(c->old, pte) &&
                       find_pmd_or_thp_or_none(c->old->vm_mm, n, &o) ? 0 : -EAGAIN;
            }

            PTECHECK_MREMAP(f)
            """
        );
        using var compiler = new SubjectCompiler();

        Assert.Equal("mremap", compiler.Load(file, new()).AsImplementation().Operation);
    }

    [SubjectFact]
    public void Names_that_the_file_need_not_have_are_said_when_it_does_not_compile()
    {
        using var folder = new TemporaryRepository();
        var file = folder.PathOf("names.c");
        File.WriteAllText(
            file,
            "static bool should_defer_flush(struct mm_struct *mm, enum ttu_flags flags)\n"
                + "{ return current->tlb_ubc && mm && flags; }\n"
        );
        using var compiler = new SubjectCompiler();

        var refused = Assert.Throws<SubjectException>(() => compiler.Load(file, new()));
        Assert.Contains(
            "not in the header of ptecheck, nor in the file: current\n"
                + "the header has its own, the file may leave them out: should_defer_flush",
            refused.Message,
            StringComparison.Ordinal
        );
    }

    [SubjectFact]
    public void Calls_of_names_without_an_operation_compile()
    {
        using var compiler = new SubjectCompiler();
        var file = Path.Combine(
            RegressionFiles.Root,
            "regressions",
            "subjects",
            "compile-only",
            "names.c"
        );

        Assert.Equal("mremap", compiler.Load(file, new()).AsImplementation().Operation);
    }
}
