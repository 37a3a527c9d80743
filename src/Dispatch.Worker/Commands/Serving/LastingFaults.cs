namespace Dispatch.Worker.Commands.Serving;

/// <summary>What a watch could not take, so that it is logged once while it lasts, and again when it healed and
/// returns. Keeps what failed in two rounds.</summary>
sealed class LastingFaults
{
    Dictionary<string, string> _before = new(StringComparer.Ordinal);
    Dictionary<string, string> _now = new(StringComparer.Ordinal);

    /// <returns>False when the round before met the same fault.</returns>
    public bool IsNews(string name, string code)
    {
        var known = _now.GetValueOrDefault(name) ?? _before.GetValueOrDefault(name);
        _now[name] = code;
        return known != code;
    }

    /// <summary>What did not fail in the round that ends has healed.</summary>
    public void EndRound()
    {
        (_before, _now) = (_now, _before);
        _now.Clear();
    }
}
