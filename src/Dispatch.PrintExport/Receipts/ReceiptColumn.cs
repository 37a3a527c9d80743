namespace Dispatch.PrintExport.Receipts;

/// <summary>The columns of a receipt file, in their order.</summary>
static class ReceiptColumn
{
    public const string Header = "batch;piece_id;status;pages;sheets;at";
    public const string End = "#end;";
    public const int Count = 6;

    static readonly string[] Names = Header.Split(';');

    public static string Name(int index) => Names[index];
}
