namespace PteCheck.Model.Tlbs;

/// <summary>A cached PMD entry that points to a table which is no longer linked there.</summary>
/// <param name="Mm">Index of the mm.</param>
/// <param name="BaseVpn">First page number that it translates.</param>
/// <param name="Table">Index of the table.</param>
/// <param name="Cpus">The CPUs that may hold it, one bit each.</param>
public readonly record struct StaleWalk(int Mm, uint BaseVpn, int Table, uint Cpus);
