using System.Text.Json;

namespace Dispatch.Worker.Register.Changes;

/// <summary>registrations.csv: a person wants a private sender's post digitally, or no longer.</summary>
sealed class RegistrationChange()
    : ChangeKind("registration", RegistrationsFile.FileName, RegistrationsFile.Columns, "cpr, sender_cvr")
{
    public override ChangeKey ReadKey(RegisterFile file, bool isRemoval) =>
        new(file.ReadCpr(RegistrationsFile.Cpr), file.ReadCvr(RegistrationsFile.SenderCvr));

    public override void WriteContent(RegisterFile file, Utf8JsonWriter json, CopyRows row)
    {
        // The key says it all.
    }
}
