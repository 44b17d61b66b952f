"""The web servers: one nginx with an address and a certificate for every host."""

from __future__ import annotations

import http.client
from pathlib import Path

from . import documents
from .authority import Authority
from .daemon import Daemon
from .scenarios import (
    ANYTHING,
    BY_NAME,
    DAV_ADDRESS,
    DAV_PORT,
    DOMAINS,
    WEB_WICKET_ADDRESS,
    Answer,
    Dav,
    Document,
    Domain,
    Html,
    Login,
    Redirect,
    Site,
    Text,
)

CONFIGURATION = """\
daemon off;
user nobody nogroup;
worker_processes 1;
pid {directory}/nginx.pid;
error_log {logs}/nginx-error.log warn;
events {{ worker_connections 4096; }}
http {{
  log_format lab '$scheme://$host$request_uri $status';
  access_log {requests} lab;
  server_tokens off;
  ssl_protocols TLSv1.2 TLSv1.3;
  types {{ }}
  default_type text/html;
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  server {{ listen {wicket}:80; access_log off; return 200 "nginx is here"; }}
{servers}}}
"""

SERVER = """\
  server {{
    listen {address}:{port}{tls};
    server_name _;
{certificate}{locations}  }}
"""


def requests(logs: Path) -> list[str]:
    """Each request that was answered so far: "scheme://host/path?query status"."""
    # nginx logs a request after its answer is out; one worker, having answered the next, has.
    is_up()
    return _requests_log(logs).read_text().splitlines()


def is_up() -> bool:
    """Whether nginx answers."""
    connection = http.client.HTTPConnection(WEB_WICKET_ADDRESS, timeout=1)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def daemons(directory: Path, logs: Path, authority: Authority) -> list[Daemon]:
    """The one nginx for every site in the table."""
    directory.mkdir()
    sites = [(domain, site) for domain in DOMAINS for site in domain.sites]
    servers = "".join(_server(*placed, directory, authority) for placed in sites)
    configuration = directory / "nginx.conf"
    configuration.write_text(
        CONFIGURATION.format(
            directory=directory,
            logs=logs,
            requests=_requests_log(logs),
            wicket=WEB_WICKET_ADDRESS,
            servers=servers,
        )
    )
    return [
        Daemon(
            "nginx",
            ["nginx", "-c", str(configuration), "-e", str(logs / "nginx-error.log")],
            logs / "nginx.log",
            is_up,
        )
    ]


def file_of(directory: Path, domain: str, host: str) -> Path:
    """The file that HOST.DOMAIN answers with over HTTPS; nginx reads it at every request."""
    [site] = [one for one in BY_NAME[domain].sites if (one.host, one.port) == (host, 443)]
    return _files(directory, BY_NAME[domain], site) / "0"


def _files(directory: Path, domain: Domain, site: Site) -> Path:
    return directory / f"{domain.full_name(site.host).replace('*', 'any')}-{site.port}"


def _requests_log(logs: Path) -> Path:
    return logs / "web-requests.log"


def _server(domain: Domain, site: Site, directory: Path, authority: Authority) -> str:
    name = domain.full_name(site.host)
    files = _files(directory, domain, site)
    files.mkdir()
    certificate = ""
    if site.port == 443:
        pem = authority.issue(name, site.certificate)
        certificate = f"    ssl_certificate {pem.chain};\n    ssl_certificate_key {pem.key};\n"
    locations = "".join(
        _location(path, answer, files / str(number))
        for number, (path, answer) in enumerate(site.answers.items())
    )
    return SERVER.format(
        address=domain.address(site.host),
        port=site.port,
        tls=" ssl" if site.port == 443 else "",
        certificate=certificate,
        locations=locations if ANYTHING in site.answers else locations + _otherwise(),
    )


def _otherwise() -> str:
    return "    location / { return 404; }\n"


def _location(path: str, answer: Answer, file: Path) -> str:
    """What is answered at a path, or (`ANYTHING`) at every path."""
    where, asked = ("/", "/") if path == ANYTHING else (f"= {path}", path)
    match answer:
        case Redirect(status, location):
            return f"    location {where} {{ return {status} {location}; }}\n"
        case Login():
            header = "add_header WWW-Authenticate 'Basic realm=\"lab\"' always;"
            return f"    location {where} {{ {header} return 401; }}\n"
        case Dav():
            return f"    location {where} {{ proxy_pass http://{DAV_ADDRESS}:{DAV_PORT}; }}\n"
        case Document():
            media_type, text = "text/xml", documents.client_config(answer)
        case Html():
            media_type, text = "text/html", documents.page(answer)
        case Text():
            media_type, text = answer.media_type, answer.text
    file.write_text(text, encoding="utf-8")
    return (
        f"    location {where} {{\n"
        f"      root {file.parent};\n"
        f"      default_type {media_type};\n"
        f"      try_files /{file.name} =404;\n"
        f"      error_page 405 =200 {asked};\n"  # a POST gets the same as a GET
        f"    }}\n"
    )
