/* SPDX-License-Identifier: MIT */
/* Written by `ptecheck subject layout` from the structures of the checker; not to be edited. */
#ifndef PTECHECK_LAYOUT_H
#define PTECHECK_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

#define PTECHECK_LAYOUT 0x7ac1387ab03698e7ULL

#define PTECHECK_AREA_CASES 256
#define PTECHECK_AREA_FILES 8
#define PTECHECK_AREA_FILE_NAME 256
#define PTECHECK_AREA_FUEL 65536
#define PTECHECK_AREA_RECORDS 131072
#define PTECHECK_AREA_MESSAGE 256
#define PTECHECK_AREA_MESSAGE_SIZE 768
#define PTECHECK_AREA_FILE_NAMES 1024
#define PTECHECK_AREA_CASE_TABLE 4096
#define PTECHECK_AREA_LOG 32768
#define PTECHECK_AREA_DATA 8421376
#define PTECHECK_AREA_DATA_SIZE 16777216
#define PTECHECK_AREA_TABLES_AT 35184372088832ULL
#define PTECHECK_AREA_TABLE_SHIFT 16
#define PTECHECK_AREA_ALIAS_SHIFT 20
#define PTECHECK_AREA_ALIASES 4
#define PTECHECK_AREA_TABLE_PAGE 4096
#define PTECHECK_AREA_SIZE 25198592

#define PTECHECK_MAX_MMS 4
#define PTECHECK_MAX_VMAS 12
#define PTECHECK_VMA_ROOM 32
#define PTECHECK_MAX_TABLES 16
#define PTECHECK_MAX_PMDS 16
#define PTECHECK_TABLE_STRIDE 512
#define PTECHECK_MAX_FOLIOS 1024
#define PTECHECK_MAX_FRAMES 8192
#define PTECHECK_SWAP_DEVICES 4
#define PTECHECK_SWAP_SLOTS_PER_DEVICE 1024
#define PTECHECK_MAX_WINDOWS 256
#define PTECHECK_ANON_EXCLUSIVE 1
#define PTECHECK_ZERO_PFN 2ULL
#define PTECHECK_ZERO_CONTENT 0ULL
#define PTECHECK_FIRST_SWAP_CONTENT 281474976710656ULL
#define PTECHECK_LEFTOVER_CONTENT 18446744073709551615ULL
#define PTECHECK_MAX_CPUS 4

#define PTECHECK_TLB_UBC_MAX_RANGES 64

#define PTECHECK_OP_NONE 0u
#define PTECHECK_OP_BEGIN 1u
#define PTECHECK_OP_END 2u
#define PTECHECK_OP_PTE_MAP 3u
#define PTECHECK_OP_PTE_MAP_LOCK 4u
#define PTECHECK_OP_PTL_LOCK 5u
#define PTECHECK_OP_PTL_UNLOCK 6u
#define PTECHECK_OP_I_MMAP_LOCK 7u
#define PTECHECK_OP_I_MMAP_UNLOCK 8u
#define PTECHECK_OP_ANON_VMA_LOCK 9u
#define PTECHECK_OP_ANON_VMA_UNLOCK 10u
#define PTECHECK_OP_PTEP_GET 11u
#define PTECHECK_OP_PTEP_GET_AND_CLEAR 12u
#define PTECHECK_OP_PTE_CLEAR 13u
#define PTECHECK_OP_GET_AND_CLEAR_PTES 14u
#define PTECHECK_OP_CONTPTE_TRY_UNFOLD 15u
#define PTECHECK_OP_SET_PTES 16u
#define PTECHECK_OP_FOLIO_PTE_BATCH615 17u
#define PTECHECK_OP_FOLIO_PTE_BATCH_FLAGS 18u
#define PTECHECK_OP_FLUSH_TLB_RANGE 19u
#define PTECHECK_OP_FLUSH_TLB_MM 20u
#define PTECHECK_OP_FLUSH_TLB_BATCHED_PENDING 21u
#define PTECHECK_OP_MIGHT_SLEEP 22u
#define PTECHECK_OP_PAGE_OF_ENTRY 23u
#define PTECHECK_OP_REMOVE_RMAP 24u
#define PTECHECK_OP_ADD_RMAP 25u
#define PTECHECK_OP_FOLIO_REF_ADD 26u
#define PTECHECK_OP_FOLIO_PUT_REFS 27u
#define PTECHECK_OP_ADD_MM_COUNTER 28u
#define PTECHECK_OP_FOLIO_REF_COUNT 29u
#define PTECHECK_OP_FOLIO_MAPCOUNT 30u
#define PTECHECK_OP_FOLIO_TEST_DIRTY 31u
#define PTECHECK_OP_FOLIO_MARK_DIRTY 32u
#define PTECHECK_OP_FOLIO_SET_SWAPBACKED 33u
#define PTECHECK_OP_WALK 34u
#define PTECHECK_OP_WALK_DONE 35u
#define PTECHECK_OP_NOTIFIER_START 36u
#define PTECHECK_OP_NOTIFIER_END 37u
#define PTECHECK_OP_PTEP_CLEAR_FLUSH 38u
#define PTECHECK_OP_SET_TLB_UBC_FLUSH_PENDING 39u
#define PTECHECK_OP_TRY_TO_UNMAP_FLUSH 40u
#define PTECHECK_OP_NULL_PAGE 41u
#define PTECHECK_OP_PMDP_GET 42u
#define PTECHECK_OP_PTE_MAP_OF 43u
#define PTECHECK_OP_PMD_LOCK 44u
#define PTECHECK_OP_PMD_UNLOCK 45u
#define PTECHECK_OP_PMDP_COLLAPSE_FLUSH 46u
#define PTECHECK_OP_MM_DEC_NR_PTES 47u
#define PTECHECK_OP_PTE_FREE_DEFER 48u
#define PTECHECK_OP_FILEMAP_LOCK_FOLIO 49u
#define PTECHECK_OP_FOLIO_UNLOCK 50u
#define PTECHECK_OP_BATCH_RETURN 51u
#define PTECHECK_OP_DO_SET_PMD 52u

#define PTECHECK_STATUS_NOT_RUN 0u
#define PTECHECK_STATUS_RETURNED 1u
#define PTECHECK_STATUS_STOPPED 2u
#define PTECHECK_STATUS_OUT_OF_FUEL 3u
#define PTECHECK_STATUS_SIGNAL 4u
#define PTECHECK_STATUS_SYSTEM_CALL 5u
#define PTECHECK_STATUS_ENDED 6u
#define PTECHECK_STATUS_TIMED_OUT 7u
#define PTECHECK_STATUS_SANITIZER 8u
#define PTECHECK_STATUS_WILD_POINTER 9u
#define PTECHECK_STATUS_STACK_OVERFLOW 10u
#define PTECHECK_STATUS_UNSUPPORTED 11u

#define PTECHECK_OPERATION_MREMAP 1u
#define PTECHECK_OPERATION_LAZYFREE_UNMAP 2u
#define PTECHECK_OPERATION_COLLAPSE_FILE 3u
#define PTECHECK_OPERATION_FOLIO_PTE_BATCH 4u

#define PTECHECK_LOCK_MODE_FREE 0u
#define PTECHECK_LOCK_MODE_READ 1u
#define PTECHECK_LOCK_MODE_WRITE 2u

#define PTECHECK_SCAN_RESULT_FAIL 0u
#define PTECHECK_SCAN_RESULT_SUCCEED 1u
#define PTECHECK_SCAN_RESULT_NO_PTE_TABLE 2u
#define PTECHECK_SCAN_RESULT_PMD_MAPPED 3u
#define PTECHECK_SCAN_RESULT_EXCEED_NONE_PTE 4u
#define PTECHECK_SCAN_RESULT_EXCEED_SWAP_PTE 5u
#define PTECHECK_SCAN_RESULT_EXCEED_SHARED_PTE 6u
#define PTECHECK_SCAN_RESULT_PTE_NON_PRESENT 7u
#define PTECHECK_SCAN_RESULT_PTE_UFFD 8u
#define PTECHECK_SCAN_RESULT_PTE_MAPPED_HUGEPAGE 9u
#define PTECHECK_SCAN_RESULT_LACK_REFERENCED_PAGE 10u
#define PTECHECK_SCAN_RESULT_PAGE_NULL 11u
#define PTECHECK_SCAN_RESULT_SCAN_ABORT 12u
#define PTECHECK_SCAN_RESULT_PAGE_COUNT 13u
#define PTECHECK_SCAN_RESULT_PAGE_LRU 14u
#define PTECHECK_SCAN_RESULT_PAGE_LOCK 15u
#define PTECHECK_SCAN_RESULT_PAGE_ANON 16u
#define PTECHECK_SCAN_RESULT_PAGE_LAZYFREE 17u
#define PTECHECK_SCAN_RESULT_PAGE_COMPOUND 18u
#define PTECHECK_SCAN_RESULT_ANY_PROCESS 19u
#define PTECHECK_SCAN_RESULT_VMA_NULL 20u
#define PTECHECK_SCAN_RESULT_VMA_CHECK 21u
#define PTECHECK_SCAN_RESULT_ADDRESS_RANGE 22u
#define PTECHECK_SCAN_RESULT_DEL_PAGE_LRU 23u
#define PTECHECK_SCAN_RESULT_ALLOC_HUGE_PAGE_FAIL 24u
#define PTECHECK_SCAN_RESULT_CGROUP_CHARGE_FAIL 25u
#define PTECHECK_SCAN_RESULT_TRUNCATED 26u
#define PTECHECK_SCAN_RESULT_COPY_MC 27u

#define PTECHECK_FOLIO_KIND_ANON 0u
#define PTECHECK_FOLIO_KIND_LAZYFREE 1u
#define PTECHECK_FOLIO_KIND_FILE 2u
#define PTECHECK_FOLIO_KIND_SHMEM 3u

#define PTECHECK_PMD_KIND_NONE 0u
#define PTECHECK_PMD_KIND_TABLE 1u
#define PTECHECK_PMD_KIND_HUGE 2u
#define PTECHECK_PMD_KIND_MIGRATION 3u
#define PTECHECK_PMD_KIND_INVALID 4u

#define PTECHECK_FOLIO_FLAGS_NONE 0u
#define PTECHECK_FOLIO_FLAGS_DIRTY 1u
#define PTECHECK_FOLIO_FLAGS_SWAPBACKED 2u
#define PTECHECK_FOLIO_FLAGS_LOCKED 4u
#define PTECHECK_FOLIO_FLAGS_SWAP_CACHE 8u
#define PTECHECK_FOLIO_FLAGS_LRU 16u
#define PTECHECK_FOLIO_FLAGS_DEFERRED_SPLIT 32u
#define PTECHECK_FOLIO_FLAGS_FREED 64u
#define PTECHECK_FOLIO_FLAGS_TRUNCATED 128u

#define PTECHECK_VMA_FLAGS_NONE 0u
#define PTECHECK_VMA_FLAGS_READ 1u
#define PTECHECK_VMA_FLAGS_WRITE 2u
#define PTECHECK_VMA_FLAGS_EXEC 4u
#define PTECHECK_VMA_FLAGS_SHARED 8u
#define PTECHECK_VMA_FLAGS_LOCKED 16u
#define PTECHECK_VMA_FLAGS_SHADOW_STACK 32u
#define PTECHECK_VMA_FLAGS_DROPPABLE 64u
#define PTECHECK_VMA_FLAGS_UFFD_MISSING 128u
#define PTECHECK_VMA_FLAGS_UFFD_WP 256u
#define PTECHECK_VMA_FLAGS_UFFD_MINOR 512u
#define PTECHECK_VMA_FLAGS_UFFD_ANY 896u
#define PTECHECK_VMA_FLAGS_UFFD_EVENT_REMAP 1024u
#define PTECHECK_VMA_FLAGS_UFFD_WP_UNPOPULATED 2048u
#define PTECHECK_VMA_FLAGS_FILE 4096u
#define PTECHECK_VMA_FLAGS_SHMEM 8192u
#define PTECHECK_VMA_FLAGS_FILE_BACKED 12288u
#define PTECHECK_VMA_FLAGS_SOFT_DIRTY_TRACKED 16384u

struct ptecheck_mm {
	int32_t rss_file;
	int32_t rss_anon;
	int32_t rss_shmem;
	int32_t swap_entries;
	uint32_t tlb_flush_batched;
	int32_t tlb_flush_pending;
	int32_t notifier_depth;
	uint32_t cpu_mask;
	int32_t nr_ptes;
	uint8_t mmap_lock;
	uint8_t vma_locks_open;
	uint8_t pmd_lock_held;
};
_Static_assert(offsetof(struct ptecheck_mm, rss_file) == 0, "rss_file");
_Static_assert(offsetof(struct ptecheck_mm, rss_anon) == 4, "rss_anon");
_Static_assert(offsetof(struct ptecheck_mm, rss_shmem) == 8, "rss_shmem");
_Static_assert(offsetof(struct ptecheck_mm, swap_entries) == 12, "swap_entries");
_Static_assert(offsetof(struct ptecheck_mm, tlb_flush_batched) == 16, "tlb_flush_batched");
_Static_assert(offsetof(struct ptecheck_mm, tlb_flush_pending) == 20, "tlb_flush_pending");
_Static_assert(offsetof(struct ptecheck_mm, notifier_depth) == 24, "notifier_depth");
_Static_assert(offsetof(struct ptecheck_mm, cpu_mask) == 28, "cpu_mask");
_Static_assert(offsetof(struct ptecheck_mm, nr_ptes) == 32, "nr_ptes");
_Static_assert(offsetof(struct ptecheck_mm, mmap_lock) == 36, "mmap_lock");
_Static_assert(offsetof(struct ptecheck_mm, vma_locks_open) == 37, "vma_locks_open");
_Static_assert(offsetof(struct ptecheck_mm, pmd_lock_held) == 38, "pmd_lock_held");
_Static_assert(sizeof(struct ptecheck_mm) == 40, "size");

struct ptecheck_vma {
	uint32_t start;
	uint32_t pages;
	uint32_t flags;
	uint32_t file_pages;
	uint8_t mm;
	uint8_t i_mmap_lock;
	uint8_t anon_vma_lock;
};
_Static_assert(offsetof(struct ptecheck_vma, start) == 0, "start");
_Static_assert(offsetof(struct ptecheck_vma, pages) == 4, "pages");
_Static_assert(offsetof(struct ptecheck_vma, flags) == 8, "flags");
_Static_assert(offsetof(struct ptecheck_vma, file_pages) == 12, "file_pages");
_Static_assert(offsetof(struct ptecheck_vma, mm) == 16, "mm");
_Static_assert(offsetof(struct ptecheck_vma, i_mmap_lock) == 17, "i_mmap_lock");
_Static_assert(offsetof(struct ptecheck_vma, anon_vma_lock) == 18, "anon_vma_lock");
_Static_assert(sizeof(struct ptecheck_vma) == 20, "size");

struct ptecheck_table {
	uint32_t base_vpn;
	uint8_t mm;
	uint8_t ptl_held;
	uint8_t freed;
	uint8_t walkers;
};
_Static_assert(offsetof(struct ptecheck_table, base_vpn) == 0, "base_vpn");
_Static_assert(offsetof(struct ptecheck_table, mm) == 4, "mm");
_Static_assert(offsetof(struct ptecheck_table, ptl_held) == 5, "ptl_held");
_Static_assert(offsetof(struct ptecheck_table, freed) == 6, "freed");
_Static_assert(offsetof(struct ptecheck_table, walkers) == 7, "walkers");
_Static_assert(sizeof(struct ptecheck_table) == 8, "size");

struct ptecheck_pmd {
	uint64_t value;
	uint32_t base_vpn;
	int16_t deposited;
	uint8_t mm;
	uint8_t kind;
};
_Static_assert(offsetof(struct ptecheck_pmd, value) == 0, "value");
_Static_assert(offsetof(struct ptecheck_pmd, base_vpn) == 8, "base_vpn");
_Static_assert(offsetof(struct ptecheck_pmd, deposited) == 12, "deposited");
_Static_assert(offsetof(struct ptecheck_pmd, mm) == 14, "mm");
_Static_assert(offsetof(struct ptecheck_pmd, kind) == 15, "kind");
_Static_assert(sizeof(struct ptecheck_pmd) == 16, "size");

struct ptecheck_folio {
	int32_t first_frame;
	int32_t ref_count;
	int32_t mapcount;
	int32_t entire_mapcount;
	int32_t extra_refs;
	int32_t pins;
	uint8_t order;
	uint8_t kind;
	uint8_t flags;
};
_Static_assert(offsetof(struct ptecheck_folio, first_frame) == 0, "first_frame");
_Static_assert(offsetof(struct ptecheck_folio, ref_count) == 4, "ref_count");
_Static_assert(offsetof(struct ptecheck_folio, mapcount) == 8, "mapcount");
_Static_assert(offsetof(struct ptecheck_folio, entire_mapcount) == 12, "entire_mapcount");
_Static_assert(offsetof(struct ptecheck_folio, extra_refs) == 16, "extra_refs");
_Static_assert(offsetof(struct ptecheck_folio, pins) == 20, "pins");
_Static_assert(offsetof(struct ptecheck_folio, order) == 24, "order");
_Static_assert(offsetof(struct ptecheck_folio, kind) == 25, "kind");
_Static_assert(offsetof(struct ptecheck_folio, flags) == 26, "flags");
_Static_assert(sizeof(struct ptecheck_folio) == 28, "size");

struct ptecheck_collapse_request {
	uint8_t order;
	uint8_t khugepaged;
	int16_t max_none;
	int16_t max_swap;
	int16_t max_shared;
	uint8_t mishap;
	int16_t mishap_page;
};
_Static_assert(offsetof(struct ptecheck_collapse_request, order) == 0, "order");
_Static_assert(offsetof(struct ptecheck_collapse_request, khugepaged) == 1, "khugepaged");
_Static_assert(offsetof(struct ptecheck_collapse_request, max_none) == 2, "max_none");
_Static_assert(offsetof(struct ptecheck_collapse_request, max_swap) == 4, "max_swap");
_Static_assert(offsetof(struct ptecheck_collapse_request, max_shared) == 6, "max_shared");
_Static_assert(offsetof(struct ptecheck_collapse_request, mishap) == 8, "mishap");
_Static_assert(offsetof(struct ptecheck_collapse_request, mishap_page) == 10, "mishap_page");
_Static_assert(sizeof(struct ptecheck_collapse_request) == 12, "size");

struct ptecheck_call {
	int32_t mm;
	int32_t vma;
	int32_t new_vma;
	uint32_t vpn;
	uint32_t new_vpn;
	uint32_t pages;
	int32_t folio;
	uint8_t deferred;
	uint8_t migrates;
	uint8_t mode;
	uint32_t rights;
	int32_t batch;
	uint8_t forced;
	uint8_t scans;
	uint32_t orders;
	int16_t max_ptes_none;
	int16_t max_ptes_swap;
	int16_t max_ptes_shared;
	uint8_t install;
	struct ptecheck_collapse_request collapse;
	uint8_t file_aligned;
};
_Static_assert(offsetof(struct ptecheck_call, mm) == 0, "mm");
_Static_assert(offsetof(struct ptecheck_call, vma) == 4, "vma");
_Static_assert(offsetof(struct ptecheck_call, new_vma) == 8, "new_vma");
_Static_assert(offsetof(struct ptecheck_call, vpn) == 12, "vpn");
_Static_assert(offsetof(struct ptecheck_call, new_vpn) == 16, "new_vpn");
_Static_assert(offsetof(struct ptecheck_call, pages) == 20, "pages");
_Static_assert(offsetof(struct ptecheck_call, folio) == 24, "folio");
_Static_assert(offsetof(struct ptecheck_call, deferred) == 28, "deferred");
_Static_assert(offsetof(struct ptecheck_call, migrates) == 29, "migrates");
_Static_assert(offsetof(struct ptecheck_call, mode) == 30, "mode");
_Static_assert(offsetof(struct ptecheck_call, rights) == 32, "rights");
_Static_assert(offsetof(struct ptecheck_call, batch) == 36, "batch");
_Static_assert(offsetof(struct ptecheck_call, forced) == 40, "forced");
_Static_assert(offsetof(struct ptecheck_call, scans) == 41, "scans");
_Static_assert(offsetof(struct ptecheck_call, orders) == 44, "orders");
_Static_assert(offsetof(struct ptecheck_call, max_ptes_none) == 48, "max_ptes_none");
_Static_assert(offsetof(struct ptecheck_call, max_ptes_swap) == 50, "max_ptes_swap");
_Static_assert(offsetof(struct ptecheck_call, max_ptes_shared) == 52, "max_ptes_shared");
_Static_assert(offsetof(struct ptecheck_call, install) == 54, "install");
_Static_assert(offsetof(struct ptecheck_call, collapse) == 56, "collapse");
_Static_assert(offsetof(struct ptecheck_call, file_aligned) == 68, "file_aligned");
_Static_assert(sizeof(struct ptecheck_call) == 72, "size");

struct ptecheck_invocation {
	int32_t mm;
	int32_t vma;
	uint32_t vpn;
	uint32_t new_vpn;
	uint32_t pages;
	int32_t table;
	int32_t new_table;
	int32_t reserved;
};
_Static_assert(offsetof(struct ptecheck_invocation, mm) == 0, "mm");
_Static_assert(offsetof(struct ptecheck_invocation, vma) == 4, "vma");
_Static_assert(offsetof(struct ptecheck_invocation, vpn) == 8, "vpn");
_Static_assert(offsetof(struct ptecheck_invocation, new_vpn) == 12, "new_vpn");
_Static_assert(offsetof(struct ptecheck_invocation, pages) == 16, "pages");
_Static_assert(offsetof(struct ptecheck_invocation, table) == 20, "table");
_Static_assert(offsetof(struct ptecheck_invocation, new_table) == 24, "new_table");
_Static_assert(offsetof(struct ptecheck_invocation, reserved) == 28, "reserved");
_Static_assert(sizeof(struct ptecheck_invocation) == 32, "size");

struct ptecheck_record {
	uint16_t op;
	uint16_t file;
	uint32_t line;
	int16_t table;
	int16_t slot;
	int32_t nr;
	uint64_t a;
	uint64_t b;
	uint64_t result;
	uint64_t result2;
	uint32_t events;
	uint32_t flags;
};
_Static_assert(offsetof(struct ptecheck_record, op) == 0, "op");
_Static_assert(offsetof(struct ptecheck_record, file) == 2, "file");
_Static_assert(offsetof(struct ptecheck_record, line) == 4, "line");
_Static_assert(offsetof(struct ptecheck_record, table) == 8, "table");
_Static_assert(offsetof(struct ptecheck_record, slot) == 10, "slot");
_Static_assert(offsetof(struct ptecheck_record, nr) == 12, "nr");
_Static_assert(offsetof(struct ptecheck_record, a) == 16, "a");
_Static_assert(offsetof(struct ptecheck_record, b) == 24, "b");
_Static_assert(offsetof(struct ptecheck_record, result) == 32, "result");
_Static_assert(offsetof(struct ptecheck_record, result2) == 40, "result2");
_Static_assert(offsetof(struct ptecheck_record, events) == 48, "events");
_Static_assert(offsetof(struct ptecheck_record, flags) == 52, "flags");
_Static_assert(sizeof(struct ptecheck_record) == 56, "size");

struct ptecheck_patch {
	uint32_t at;
	uint32_t offset;
	uint64_t value;
};
_Static_assert(offsetof(struct ptecheck_patch, at) == 0, "at");
_Static_assert(offsetof(struct ptecheck_patch, offset) == 4, "offset");
_Static_assert(offsetof(struct ptecheck_patch, value) == 8, "value");
_Static_assert(sizeof(struct ptecheck_patch) == 16, "size");

struct ptecheck_image {
	uint32_t arch;
	uint32_t kernel;
	uint32_t shadow_stack;
	uint32_t bbml2;
	uint32_t slots;
	uint32_t cont_ptes;
	uint32_t mm_count;
	uint32_t vma_count;
	uint32_t table_count;
	uint32_t folio_count;
	uint32_t frame_count;
	uint32_t folio_room;
	uint32_t frame_room;
	uint32_t flush_mm_from_pages;
	uint64_t pfn_base;
	uint32_t mms;
	uint32_t vmas;
	uint32_t tables;
	uint32_t ptes;
	uint32_t folios;
	uint32_t frame_folios;
	uint32_t page_mapcounts;
	uint32_t page_flags;
	uint32_t pmds;
	uint32_t pmd_count;
	uint32_t flush_required;
	uint32_t deferred_mms;
	uint32_t deferred_ranges;
	uint32_t size;
	struct ptecheck_call call;
};
_Static_assert(offsetof(struct ptecheck_image, arch) == 0, "arch");
_Static_assert(offsetof(struct ptecheck_image, kernel) == 4, "kernel");
_Static_assert(offsetof(struct ptecheck_image, shadow_stack) == 8, "shadow_stack");
_Static_assert(offsetof(struct ptecheck_image, bbml2) == 12, "bbml2");
_Static_assert(offsetof(struct ptecheck_image, slots) == 16, "slots");
_Static_assert(offsetof(struct ptecheck_image, cont_ptes) == 20, "cont_ptes");
_Static_assert(offsetof(struct ptecheck_image, mm_count) == 24, "mm_count");
_Static_assert(offsetof(struct ptecheck_image, vma_count) == 28, "vma_count");
_Static_assert(offsetof(struct ptecheck_image, table_count) == 32, "table_count");
_Static_assert(offsetof(struct ptecheck_image, folio_count) == 36, "folio_count");
_Static_assert(offsetof(struct ptecheck_image, frame_count) == 40, "frame_count");
_Static_assert(offsetof(struct ptecheck_image, folio_room) == 44, "folio_room");
_Static_assert(offsetof(struct ptecheck_image, frame_room) == 48, "frame_room");
_Static_assert(offsetof(struct ptecheck_image, flush_mm_from_pages) == 52, "flush_mm_from_pages");
_Static_assert(offsetof(struct ptecheck_image, pfn_base) == 56, "pfn_base");
_Static_assert(offsetof(struct ptecheck_image, mms) == 64, "mms");
_Static_assert(offsetof(struct ptecheck_image, vmas) == 68, "vmas");
_Static_assert(offsetof(struct ptecheck_image, tables) == 72, "tables");
_Static_assert(offsetof(struct ptecheck_image, ptes) == 76, "ptes");
_Static_assert(offsetof(struct ptecheck_image, folios) == 80, "folios");
_Static_assert(offsetof(struct ptecheck_image, frame_folios) == 84, "frame_folios");
_Static_assert(offsetof(struct ptecheck_image, page_mapcounts) == 88, "page_mapcounts");
_Static_assert(offsetof(struct ptecheck_image, page_flags) == 92, "page_flags");
_Static_assert(offsetof(struct ptecheck_image, pmds) == 96, "pmds");
_Static_assert(offsetof(struct ptecheck_image, pmd_count) == 100, "pmd_count");
_Static_assert(offsetof(struct ptecheck_image, flush_required) == 104, "flush_required");
_Static_assert(offsetof(struct ptecheck_image, deferred_mms) == 108, "deferred_mms");
_Static_assert(offsetof(struct ptecheck_image, deferred_ranges) == 112, "deferred_ranges");
_Static_assert(offsetof(struct ptecheck_image, size) == 116, "size");
_Static_assert(offsetof(struct ptecheck_image, call) == 120, "call");
_Static_assert(sizeof(struct ptecheck_image) == 192, "size");

struct ptecheck_case {
	uint32_t image;
	uint32_t patches;
	uint32_t patch_count;
	uint32_t plan;
	uint32_t plan_count;
	uint32_t plan_known;
	uint32_t reserved;
	uint32_t first_record;
	uint32_t record_count;
	uint32_t status;
	int32_t code;
	uint32_t line;
	uint64_t address;
};
_Static_assert(offsetof(struct ptecheck_case, image) == 0, "image");
_Static_assert(offsetof(struct ptecheck_case, patches) == 4, "patches");
_Static_assert(offsetof(struct ptecheck_case, patch_count) == 8, "patch_count");
_Static_assert(offsetof(struct ptecheck_case, plan) == 12, "plan");
_Static_assert(offsetof(struct ptecheck_case, plan_count) == 16, "plan_count");
_Static_assert(offsetof(struct ptecheck_case, plan_known) == 20, "plan_known");
_Static_assert(offsetof(struct ptecheck_case, reserved) == 24, "reserved");
_Static_assert(offsetof(struct ptecheck_case, first_record) == 28, "first_record");
_Static_assert(offsetof(struct ptecheck_case, record_count) == 32, "record_count");
_Static_assert(offsetof(struct ptecheck_case, status) == 36, "status");
_Static_assert(offsetof(struct ptecheck_case, code) == 40, "code");
_Static_assert(offsetof(struct ptecheck_case, line) == 44, "line");
_Static_assert(offsetof(struct ptecheck_case, address) == 48, "address");
_Static_assert(sizeof(struct ptecheck_case) == 56, "size");

struct ptecheck_control {
	uint64_t layout;
	uint32_t ready;
	uint32_t operation;
	uint32_t kernel;
	uint32_t count;
	uint32_t done;
	uint32_t active;
	uint32_t log_used;
	uint32_t fuel;
	uint32_t time_limit;
	uint32_t file_count;
	uint32_t filtered;
	uint32_t reserved;
};
_Static_assert(offsetof(struct ptecheck_control, layout) == 0, "layout");
_Static_assert(offsetof(struct ptecheck_control, ready) == 8, "ready");
_Static_assert(offsetof(struct ptecheck_control, operation) == 12, "operation");
_Static_assert(offsetof(struct ptecheck_control, kernel) == 16, "kernel");
_Static_assert(offsetof(struct ptecheck_control, count) == 20, "count");
_Static_assert(offsetof(struct ptecheck_control, done) == 24, "done");
_Static_assert(offsetof(struct ptecheck_control, active) == 28, "active");
_Static_assert(offsetof(struct ptecheck_control, log_used) == 32, "log_used");
_Static_assert(offsetof(struct ptecheck_control, fuel) == 36, "fuel");
_Static_assert(offsetof(struct ptecheck_control, time_limit) == 40, "time_limit");
_Static_assert(offsetof(struct ptecheck_control, file_count) == 44, "file_count");
_Static_assert(offsetof(struct ptecheck_control, filtered) == 48, "filtered");
_Static_assert(offsetof(struct ptecheck_control, reserved) == 52, "reserved");
_Static_assert(sizeof(struct ptecheck_control) == 56, "size");

#endif
