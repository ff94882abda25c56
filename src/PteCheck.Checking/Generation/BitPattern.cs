namespace PteCheck.Checking.Generation;

/// <summary>How one bit is spread over a run of entries.</summary>
internal readonly struct BitPattern
{
    private readonly Shape shape;
    private readonly bool value;
    private readonly int at;
    private readonly ulong noise;

    private BitPattern(Shape shape, bool value, int at, ulong noise)
    {
        this.shape = shape;
        this.value = value;
        this.at = at;
        this.noise = noise;
    }

    private enum Shape
    {
        Uniform,
        Split,
        Single,
        Alternating,
        Noise,
    }

    /// <summary>Draws a pattern for a run of <paramref name="length"/> entries; mostly the same bit everywhere.</summary>
    public static BitPattern Choose(ref SeededRandom random, int length)
    {
        var chosen = random.Below(12) switch
        {
            0 or 1 => Shape.Split,
            2 => Shape.Single,
            3 => Shape.Alternating,
            4 => Shape.Noise,
            _ => Shape.Uniform,
        };
        return new(chosen, random.Chance(50), random.Below(length), random.Next());
    }

    /// <summary>The bit of entry <paramref name="index"/>.</summary>
    public bool At(int index) =>
        shape switch
        {
            Shape.Split => index < at == value,
            Shape.Single => index == at == value,
            Shape.Alternating => (index & 1) == 0 == value,
            Shape.Noise => ((noise >> (index & 63)) & 1) != 0,
            _ => value,
        };
}
