#!/usr/bin/env bash
# Installs what dispatch and its tests need beside the .NET SDK: a PostgreSQL server, fonts, PDF and DataMatrix tools,
# OpenSSH, OpenSSL, an SMTP server, a pooler, what scores a service's rights.
# Safe to repeat; does nothing, quickly, when nothing is missing. Works as root and as a user with sudo.
set -euo pipefail

createcluster_conf=/etc/postgresql-common/createcluster.conf

has_postgres() {
    [ -n "${DISPATCH_PG_BIN:-}" ] && return 0
    command -v initdb >/dev/null && command -v postgres >/dev/null && return 0
    compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || compgen -G '/usr/pgsql-*/bin/postgres' >/dev/null
}

has_fonts() {
    [ -f /usr/share/fonts/truetype/liberation2/LiberationSans-Regular.ttf ]
}

has_sshd() {
    [ -x /usr/sbin/sshd ]
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "setup.sh: needs root for: $*; run it as root, or install sudo" >&2
        return 77
    fi
}

# Apache PDFBox Preflight, which says whether a file is PDF/A-1b.
has_preflight() {
    local library
    for library in preflight javax.activation jaxb-api commons-io; do
        [ -f "/usr/share/java/$library.jar" ] || return 1
    done
}

missing=()
has_postgres || missing+=(postgresql)
has_fonts || missing+=(fonts-liberation2)
command -v sftp >/dev/null && command -v ssh-keygen >/dev/null || missing+=(openssh-client)
new_services=()
has_sshd || { missing+=(openssh-server); new_services+=(ssh.service); }
command -v openssl >/dev/null || missing+=(openssl)
command -v systemd-analyze >/dev/null || missing+=(systemd)
command -v pdftotext >/dev/null || missing+=(poppler-utils)
command -v qpdf >/dev/null || missing+=(qpdf)
command -v dmtxread >/dev/null || missing+=(dmtx-utils)
command -v strace >/dev/null || missing+=(strace)
[ -x /usr/sbin/pgbouncer ] || { missing+=(pgbouncer); new_services+=(pgbouncer.service); }
[ -d /usr/lib/python3/dist-packages/aiosmtpd ] || missing+=(python3-aiosmtpd)
command -v java >/dev/null || missing+=(default-jre-headless)
has_preflight || missing+=(libpdfbox2-java libactivation-java libjaxb-api-java libcommons-io-java)

if [ ${#missing[@]} -gt 0 ]; then
    if ! command -v apt-get >/dev/null; then
        echo "setup.sh: install these with your package manager: ${missing[*]}" >&2
        exit 1
    fi

    echo "setup.sh: installing ${missing[*]}" >&2
    # The server programs are wanted, not Debian's own cluster: it would listen on the machine's port 5432.
    if ! has_postgres && [ ! -e "$createcluster_conf" ]; then
        as_root mkdir -p "$(dirname "$createcluster_conf")"
        echo 'create_main_cluster = false' | as_root tee "$createcluster_conf" >/dev/null
    fi

    as_root apt-get update -qq >&2
    as_root env DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 \
        apt-get install -y -qq --no-install-recommends -o Dpkg::Options::=--force-confold "${missing[@]}" >&2

    # The tests start servers of their own on loopback; the machine must not get a listener it did not have.
    if [ ${#new_services[@]} -gt 0 ] && command -v systemctl >/dev/null; then
        as_root systemctl disable --now "${new_services[@]}" >/dev/null 2>&1 || true
    fi
fi

if ! command -v dotnet >/dev/null; then
    echo "setup.sh: the .NET SDK is missing; see https://learn.microsoft.com/dotnet/core/install/linux" >&2
    exit 1
fi
