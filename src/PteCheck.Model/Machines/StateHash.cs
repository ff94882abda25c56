using System.Numerics;
using System.Runtime.CompilerServices;

namespace PteCheck.Model.Machines;

/// <summary>What stands for a state where states are compared by the million: equal states have equal keys.</summary>
/// <param name="High">One half.</param>
/// <param name="Low">The other half.</param>
public readonly record struct StateKey(ulong High, ulong Low);

/// <summary>
/// A running hash of 128 bits, from two chains that share no constant. Two different states among n have
/// the same key with a probability of about n * n / 2^129: for a billion states less than one in 10^20.
/// </summary>
public struct StateHash
{
    private const ulong FirstFactor = 0x9e3779b97f4a7c15;
    private const ulong SecondFactor = 0xc2b2ae3d27d4eb4f;
    private ulong first;
    private ulong second;

    /// <summary>The key of all that was added, in its order.</summary>
    public readonly StateKey Key => new(Mix(first), Mix(second ^ FirstFactor));

    /// <summary>Adds a word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ulong word)
    {
        first = BitOperations.RotateLeft((first ^ word) * FirstFactor, 31);
        second = (BitOperations.RotateLeft(second, 27) + word) * SecondFactor;
        second ^= second >> 29;
    }

    /// <summary>Adds a number.</summary>
    public void Add(int number) => Add((ulong)(uint)number);

    /// <summary>Adds a truth value.</summary>
    public void Add(bool value) => Add(value ? 1UL : 2UL);

    /// <summary>Adds words, and how many they are.</summary>
    public void Add(ReadOnlySpan<ulong> words)
    {
        Add(words.Length);
        foreach (var word in words)
        {
            Add(word);
        }
    }

    /// <summary>Adds another key.</summary>
    public void Add(in StateKey key)
    {
        Add(key.High);
        Add(key.Low);
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 33)) * 0xff51afd7ed558ccd;
        value = (value ^ (value >> 33)) * 0xc4ceb9fe1a85ec53;
        return value ^ (value >> 33);
    }
}
