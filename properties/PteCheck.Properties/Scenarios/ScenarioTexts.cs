namespace PteCheck.Properties.Scenarios;

/// <summary>Scenario files that several tests read.</summary>
internal static class ScenarioTexts
{
    /// <summary>The example of DESIGN.md, section 8.</summary>
    public const string Design = """
        title: First PTE of a batch writable, the second not
        thread: mremap-pte-batching-v4
        arch: x86-64
        folios:
          A: { order: 2, kind: anon, exclusive: [0] }
        vmas:
          - { name: src, pages: 2, flags: rw }
        ptes:
          src+0: A[0] WDY
          src+1: A[1] Y
        run: mremap src to dst
        expect: { per-pte: holds, as-posted-v4: violated PTB001, batched: holds }
        reach:
          - mmap 64K, MADV_HUGEPAGE, touch; MADV_DONTFORK on the first half; fork; MADV_DOFORK
        """;

    /// <summary>A scenario of one VMA <c>src</c> of eight pages and a folio A of four, with more lines.</summary>
    public static string With(params string[] lines) =>
        string.Join(
            '\n',
            (string[])
                [
                    "folios:",
                    "  A: { order: 2, exclusive: all }",
                    "vmas:",
                    "  - { name: src, pages: 8 }",
                    "run: mremap src to dst",
                    .. lines,
                ]
        );

    /// <summary>Files that between them use every key and every kind of entry.</summary>
    public static readonly IReadOnlyList<string> Good =
    [
        Design,
        With(),
        With("ptes: { src+0: none }"),
        With("ptes:", "  src+0..3: A[0..3] WDY", "tlb: [ cpu0 src+1, cpu1 src+2 clean ]"),
        With("ptes:", "  src+0: A[0] W", "tlb: [ 'cpu1 src+0 = A[0]' ]"),
        With("ptes: { src+5: swap 7 SX, src+6: swap 2:7, src+7: zero Y }"),
        With(
            "pending: { batched-flush: [m], tlb-flush-pending: { m: 2 } }",
            "tlb: [ 'cpu1 src+1 = A[3] WD' ]"
        ),
        """
            arch: arm64
            kernel: 6.17
            config: { bbml2: on }
            table: { slots: 16, cont: 4 }
            cpus: 4
            mms: [a, b]
            folios:
              A: { order: 3, kind: shmem, dirty: true, pfn: 0x12340, first-page-of: 0 }
              B: { kind: shmem }
            vmas:
              - { name: one, mm: a, pages: 12, at: 4, flags: rws, file: { kind: shmem, pages: 10 } }
              - { name: two, mm: b, pages: 9, flags: r shared, file: shmem, uffd: [wp, minor], event-remap: true, never-folded: true }
              - { name: there, mm: a, at: 64, pages: 20 }
            ptes:
              one+0..7: A[0..7] WDY
              one+8: B
              two+0..7: A[0..7] Y
              two+8: marker uffd-wp
            run: mremap one+1..3 to there
            """,
        """
            config: shadow-stack=on
            folios:
              S: { order: 2, exclusive: [0, 2..3], dirty: true, locked: true, swapcache: true, extra-refs: 2, pins: 1 }
              L: { kind: lazyfree, exclusive: all }
            vmas:
              - { name: stack, pages: 8, flags: rw shadow-stack, soft-dirty: tracked }
              - { name: free, pages: 4, flags: droppable }
            ptes:
              stack+0: S[0] WDS
              stack+1: S[1] D
              stack+2: S[2] WDYS
              stack+3: S[3] N
              free+0: device-exclusive L
            run: mremap stack to dst
            """,
        """
            folios:
              A: { order: 2, extra-refs: 1, locked: true }
            vmas:
              - { name: src, pages: 8, flags: rwx mlock, uffd: wp, wp-unpopulated: true }
            ptes:
              src+0: migration A[0] W
              src+1: migration A[1] XS
              src+2: migration A[2] U
              src+3: hwpoison A[3]
              src+4: marker uffd-wp
              src+5: marker poison
              src+6: marker guard
              src+7: zero U
            run: mremap src to dst
            reach:
              - - mmap 32K
                - UFFDIO_REGISTER for write protection and then a good many other calls, until the line is long
              - - 'another way: with a colon'
            """,
        """
            unreachable: true
            vmas:
              - { name: src, pages: 1, flags: none, file: regular }
            folios: { A: {} }
            ptes: { src+0: A W }
            run: mremap src to dst
            interference: []
            question: 'What, #if it is: quoted?'
            answer: "two\nlines"
            fix: 04d1c9d60c6e
            """,
    ];
}
