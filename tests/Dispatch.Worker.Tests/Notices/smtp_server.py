"""An SMTP submission server for tests (aiosmtpd): STARTTLS first, then a login, then mail.

smtp_server.py CERTIFICATE KEY USER PASSWORD: listens on a free port of loopback, whose number is its first line, and
writes a line of JSON for every message it takes. What stands before the @ of a recipient says how it is treated:
refused… never, busy… not the first time, silent… taken without an answer the first time.
"""
import json
import ssl
import sys
import asyncio

from aiosmtpd.smtp import SMTP, AuthResult

certificate, key, user, password = sys.argv[1:5]
seen = set()


def is_first(address):
    is_new = address not in seen
    seen.add(address)
    return is_new


class Handler:
    connections = 0

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        if session.ssl is not None and not hasattr(session, 'number'):
            Handler.connections += 1
            session.number = Handler.connections
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith('refused'):
            return '550 5.1.1 no such mailbox: ' + address
        if address.startswith('busy') and is_first(address):
            return '451 4.7.1 try again later: ' + address
        envelope.rcpt_tos.append(address)
        return '250 OK'

    async def handle_DATA(self, server, session, envelope):
        to = envelope.rcpt_tos[0]
        line = {'connection': session.number, 'from': envelope.mail_from, 'to': envelope.rcpt_tos,
                'login': session.auth_data, 'tls': session.ssl is not None,
                'data': envelope.content.decode('utf-8')}
        print(json.dumps(line), flush=True)
        if to.startswith('silent') and is_first(to):
            server.transport.abort()
        return '250 OK'


def authenticate(server, session, envelope, mechanism, data):
    is_right = mechanism in ('LOGIN', 'PLAIN') and (data.login, data.password) == (user.encode(), password.encode())
    return AuthResult(success=is_right, handled=False, auth_data=user if is_right else None)


async def main():
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    handler = Handler()
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(handler, hostname='localhost', tls_context=tls, require_starttls=True, auth_required=True,
                     auth_require_tls=True, authenticator=authenticate, enable_SMTPUTF8=False),
        '127.0.0.1', 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
