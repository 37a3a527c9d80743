namespace Dispatch.Worker.Security;

/// <summary>What a sealed value is for; part of nonce and associated data. The numbers are stored implicitly: never
/// change them.</summary>
enum SealPurpose : byte
{
    Letter = 1,
    Piece = 2,
}
