using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.Mprotect;

/// <summary>A batch of present entries between modify_prot_start_ptes and modify_prot_commit_ptes.</summary>
/// <param name="Folio">Index of the folio, -1 for an entry without one.</param>
/// <param name="Ptep">The first entry.</param>
/// <param name="Vpn">Its page number.</param>
/// <param name="OldPte">What was there: the first entry, with the young and dirty of all.</param>
/// <param name="NewPte">What is to be there, before it may become writable.</param>
/// <param name="Nr">Number of entries, 1 or more.</param>
internal readonly record struct PteBatch(
    int Folio,
    PtePointer Ptep,
    uint Vpn,
    Pte OldPte,
    Pte NewPte,
    int Nr
);
