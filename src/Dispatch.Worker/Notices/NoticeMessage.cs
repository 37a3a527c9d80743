namespace Dispatch.Worker.Notices;

/// <summary>What goes out. Holds somebody's address: never logged, never in a message.</summary>
/// <param name="Key">The same whenever this notice is sent again.</param>
/// <param name="To">A checked e-mail address or phone number.</param>
sealed record NoticeMessage(string Key, string To, string Subject, string Text)
{
    // A record's own text would tell the address.
    public override string ToString() => Key;
}
