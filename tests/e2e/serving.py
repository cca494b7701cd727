"""What the tests of indexes over HTTP share: a server of a folder on loopback, with faults, ranges and TLS."""
import ssl, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from packing import *


class Server:
    """Serves `folder` on a port of its own from construction to close(). `asked`: each question's path and headers.

    `faults`: path to what is done with it, called with the handler and the file's bytes, until it gives True (it has answered) or
    False (the file is served as it is).
    """

    def __init__(self, folder, authority=None, ranges=True):
        self.folder, self.ranges, self.faults, self.asked = Path(folder), ranges, {}, []
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                server.answer(self)

            def log_message(self, *_):
                pass

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):  # a client that goes is none of the test's business
                pass

        self.http = Quiet(("127.0.0.1", 0), Handler)
        scheme = "http"
        if authority:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(authority / "server.pem", authority / "server.key")
            self.http.socket = context.wrap_socket(self.http.socket, server_side=True)
            scheme = "https"
        self.port = self.http.server_address[1]
        self.address = f"{scheme}://127.0.0.1:{self.port}"
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def close(self):
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def of(self, path):
        return [headers for asked, headers in self.asked if asked == path]

    def answer(self, handler):
        path = handler.path.split("?")[0]
        self.asked.append((path, handler.headers))
        file = self.folder / path.lstrip("/")
        data = file.read_bytes() if file.is_file() else None
        if path in self.faults and self.faults[path](handler, data):
            return
        if data is None:
            say(handler, 404, b"<h1>not here</h1>")
            return
        etag = f'"{hashlib.sha256(data).hexdigest()[:16]}"'
        headers = {"ETag": etag} if self.ranges else {}
        if handler.headers["If-None-Match"] == etag:
            say(handler, 304, b"", headers)
            return
        first = re.fullmatch(r"bytes=(\d+)-", handler.headers["Range"] or "")
        if self.ranges and first and handler.headers["If-Range"] == etag:
            begin = int(first[1])
            say(handler, 206, data[begin:], {**headers, "Content-Range": f"bytes {begin}-{len(data) - 1}/{len(data)}"})
        else:
            say(handler, 200, data, headers)


def say(handler, status, body, headers=(), length=None):
    handler.send_response(status)
    for name, value in dict(headers).items():
        handler.send_header(name, value)
    if status != 304:
        handler.send_header("Content-Length", str(len(body) if length is None else length))
    handler.end_headers()
    handler.wfile.write(body)


def status(code, **headers):
    return lambda handler, _: say(handler, code, b"trouble", {k.replace("_", "-"): v for k, v in headers.items()}) or True


def moved(address):
    return lambda handler, _: say(handler, 302, b"elsewhere", {"Location": address}) or True


def cut_at(count):
    """Gives so many bytes of the whole, then closes the connection; each time."""
    def fault(handler, data):
        handler.close_connection = True
        say(handler, 200, data[:count], {"ETag": '"one"'}, length=len(data))
        return True
    return fault


def authority(folder):
    """A certificate authority of our own, and a server's certificate that it has signed."""
    folder.mkdir()

    def openssl(*words):
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    new = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    openssl("req", "-x509", *new, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=weir test authority")
    openssl("req", *new[:-2], "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=127.0.0.1")
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1\n")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-out", "server.pem",
            "-extfile", "names")
    return folder


def site(place):
    """A folder with an index of trim 1.0.0 and lines 1.0.0, signed by acme."""
    ready(place)
    (place.folder / "site/packages").mkdir(parents=True)
    for name in ("trim", "lines"):
        shutil.move(place.folder / packed(place, name=name), place.folder / "site/packages")
    build(place)


def build(place, *more, folder="site", expires="2100-01-01"):
    return place.weir("plugin", "index", "build", folder, "--key", "acme.key", "--expires", expires, *more).works()


def add(place, server, *more):
    return place.weir("plugin", "index", "add", "acme", server.address, "--key", "acme.pub", *more).works()


def downloads(place):
    folder = place.home / "cache/weir/downloads"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


TRIM = "/packages/trim-1.0.0.weirpkg"


class ToldOf(Told):
    """Hides the servers' ports."""

    def __init__(self, place, **servers):
        super().__init__(place)
        self.servers = servers

    def end(self, name):
        for called, server in self.servers.items():
            self.text = self.text.replace(f"127.0.0.1:{server.port}", called.upper())
        self.text = re.sub(r"after \d+ bytes", "after N bytes", self.text)
        self.text = re.sub(r"found: [^\n]*certificate[^\n]*", "found: …certificate…", self.text)
        super().end(name)
