namespace Dispatch.LoadRun.Limits;

/// <summary>How fast this machine does one thing that a stage of a send cannot do without.</summary>
/// <param name="Stage">Of a send.</param>
/// <param name="Work">What was done, and by how many.</param>
/// <param name="PerSecond">In <paramref name="Unit"/>; the best of the rounds.</param>
/// <param name="Amount">How much of it the whole send needs, in the same unit.</param>
readonly record struct MachineLimit(string Stage, string Work, double PerSecond, string Unit, double Amount)
{
    /// <summary>No send of this size is through with it sooner.</summary>
    public double SecondsAtLeast => Amount / PerSecond;
}
