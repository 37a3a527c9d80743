namespace Dispatch.Worker.Register.Changes;

/// <summary>What a folder of changes, or the day, did to the register.</summary>
/// <param name="Version">Of the register now.</param>
/// <param name="Applied">Changes that took effect.</param>
/// <param name="Waiting">Changes that were read and wait for their day.</param>
/// <param name="Known">Changes that were taken in before.</param>
/// <param name="SetAside">Changes whose day it was, but which could not take effect.</param>
sealed record ChangeCounts(long Version, int Applied, int Waiting, int Known, int SetAside);
