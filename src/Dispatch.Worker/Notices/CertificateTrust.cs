using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Dispatch.Routing;

namespace Dispatch.Worker.Notices;

/// <summary>Whose certificates a server is believed by: the system's authorities, or one and no other.</summary>
sealed class CertificateTrust
{
    readonly X509Certificate2Collection _roots = [];

    /// <param name="file">PEM file of the authority; empty = those the system trusts.</param>
    /// <exception cref="DispatchException"><c>notices.certificate</c>, exit 78.</exception>
    public CertificateTrust(string file)
    {
        if (file.Length == 0)
        {
            return;
        }

        try
        {
            _roots.ImportFromPemFile(file);
        }
        catch (Exception fault) when (fault is CryptographicException or IOException or UnauthorizedAccessException)
        {
            // Told below: there is no certificate.
        }

        if (_roots.Count == 0)
        {
            throw new DispatchException(
                "notices.certificate",
                "a RootCertificate of Notices holds no certificate that can be read; expected a PEM file",
                ExitCode.Configuration);
        }
    }

    /// <summary>Null = the system's own check.</summary>
    public RemoteCertificateValidationCallback? Callback => _roots.Count == 0 ? null : IsTrusted;

    // What else is wrong with it, such as another host's name, is not forgiven.
    bool IsTrusted(object sender, X509Certificate? certificate, X509Chain? _, SslPolicyErrors errors)
    {
        if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != 0)
        {
            return false;
        }

        using var chain = new X509Chain();
        using var copy = new X509Certificate2(certificate);
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_roots);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(copy);
    }
}
