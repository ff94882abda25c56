namespace PteCheck.Checking.Generation;

/// <summary>
/// The random numbers that a drawn seed is expanded with: xoshiro256** seeded by SplitMix64, so that
/// case i of a seed is the same on every machine and runtime.
/// </summary>
public struct SeededRandom
{
    private ulong s0;
    private ulong s1;
    private ulong s2;
    private ulong s3;

    /// <summary>Seeds the generator.</summary>
    public SeededRandom(ulong seed)
    {
        s0 = Mix(seed);
        s1 = Mix(seed + 0x9E3779B97F4A7C15UL);
        s2 = Mix(seed + 0x3C6EF372FE94F82AUL);
        s3 = Mix(seed + 0xDAA66D2C7DDF743FUL) | 1;
    }

    /// <summary>The SplitMix64 finalizer: an even mixing of a 64-bit value.</summary>
    public static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15UL;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        var result = ulong.RotateLeft(s1 * 5, 7) * 9;
        var shifted = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= shifted;
        s3 = ulong.RotateLeft(s3, 45);
        return result;
    }

    /// <summary>A number from 0 to <paramref name="bound"/> - 1.</summary>
    public int Below(int bound) => (int)(((Next() >> 32) * (ulong)bound) >> 32);

    /// <summary>A number from <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    public int Between(int low, int high) => low + Below(high - low + 1);

    /// <summary>True in <paramref name="percent"/> of a hundred draws.</summary>
    public bool Chance(int percent) => Below(100) < percent;
}
