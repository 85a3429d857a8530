"""TLS for the stand-in: certificates made when a test asks for them, good for nothing else."""

import ssl
import subprocess

NAMES = {"good": "IP:127.0.0.1", "wrong-name": "DNS:elsewhere.invalid"}


class Certificate:
    """Self-signed: trusted by whoever is given `path` as a list of authorities, and by nobody else."""

    def __init__(self, folder, name="good"):
        self.path, self._key = folder / f"{name}.pem", folder / f"{name}.key"
        words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        words += ["-days", "2", "-subj", "/CN=stand-in", "-addext", f"subjectAltName={NAMES[name]}"]
        words += ["-keyout", str(self._key), "-out", str(self.path)]
        subprocess.run(words, check=True, capture_output=True)

    def context(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path, self._key)
        return context
