namespace Dispatch.Worker.Country;

/// <summary>How far the making of a country is: rows of the register's people and of the list.</summary>
readonly record struct CountryProgress(long RowsDone, long RowsTotal);
