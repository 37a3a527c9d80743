namespace Dispatch.Worker.Scheduling;

/// <summary>What the scheduler starts; there is nothing else.</summary>
enum WorkKind
{
    /// <summary>Plan a job and let its chunks be taken.</summary>
    Release,

    /// <summary>Route and write a run of chunks.</summary>
    Shard,

    /// <summary>Compose a job's paper and hand it off.</summary>
    Finish,

    /// <summary>The nightly run.</summary>
    Nightly,

    /// <summary>Tell which receipts are overdue since midnight.</summary>
    Deadlines,

    /// <summary>Prove the ledger, beside the nightly run.</summary>
    Audit,
}
