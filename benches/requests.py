#!/usr/bin/env python3
"""Speed of the model of requests, in CPU time of whole processes.

    benches/requests.py PROGRAM [REQUESTS]

PROGRAM is a caddyctl built with the profile `dist`. It prints how many requests `trace --requests` answers in a second of CPU time,
how many the real Caddy answers on loopback with the same sites, and what `diff --log` takes for a log of a million lines.
"""

import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CADDY = os.path.join(ROOT, "target/caddy/bin/caddy")
PATHS = ["/", "/health", "/api/auth/login", "/api/auth/x?y=1", "/assets/app.js", "/api/chat"]


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def site(name):
    return (
        f"http://{name} {{\n\thandle /api/auth/* {{\n\t\trespond auth\n\t}}\n\thandle /health {{\n\t\trespond ok\n\t}}\n"
        "\thandle {\n\t\trespond page\n\t}\n}\n"
    )


def run(command, folder):
    """Seconds of CPU time and the largest memory (MB) of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with open(os.path.join(folder, "out"), "wb") as out:
        subprocess.run(command, cwd=folder, stdout=out, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, after.ru_maxrss / 1024


def of_caddy(folder, port, hosts, count):
    """Requests a second of CPU time of the real Caddy."""
    with open(os.path.join(folder, "log"), "wb") as log:
        caddy = subprocess.Popen([CADDY, "run", "--config", "Caddyfile"], cwd=folder, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                stream = socket.create_connection(("127.0.0.1", port), timeout=30)
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
        ticks = os.sysconf("SC_CLK_TCK")

        def used():
            with open(f"/proc/{caddy.pid}/stat", encoding="ascii") as stat:
                fields = stat.read().rsplit(")", 1)[1].split()
            return (int(fields[11]) + int(fields[12])) / ticks

        begun, left = used(), count
        reader = stream.makefile("rb")
        while left > 0:
            batch = min(left, 100)
            for number in range(batch):
                host, path = hosts[number % len(hosts)], PATHS[number % len(PATHS)]
                stream.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
            for _ in range(batch):
                length = 0
                while (line := reader.readline().strip()) != b"":
                    if line.lower().startswith(b"content-length:"):
                        length = int(line.split(b":")[1])
                reader.read(length)
            left -= batch
        return count / (used() - begun)
    finally:
        caddy.kill()
        caddy.wait()


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    program = os.path.abspath(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 200_000
    for sites in [1, 1000]:
        with tempfile.TemporaryDirectory() as folder:
            port = free_port()
            hosts = [f"site{number}.test" for number in range(sites)]
            text = "{\n\tadmin off\n\thttp_port %d\n}\n" % port + "".join(map(site, hosts))
            with open(os.path.join(folder, "Caddyfile"), "w", encoding="utf-8") as file:
                file.write(text)
            requests = [
                {"host": f"{hosts[number % sites]}:{port}", "port": port, "target": PATHS[number % len(PATHS)]}
                for number in range(count)
            ]
            with open(os.path.join(folder, "requests.json"), "w", encoding="utf-8") as file:
                json.dump(requests, file)
            seconds, memory = run([program, "trace", "--requests", "requests.json", "--format", "json"], folder)
            real = of_caddy(folder, port, hosts, min(count, 20_000))
            print(
                f"{sites} sites: {count / seconds:,.0f} requests a second of CPU time ({memory:.0f} MB), "
                f"Caddy {real:,.0f}: {count / seconds / real:.1f} times as many"
            )
    lines = count * 5
    with tempfile.TemporaryDirectory() as folder:
        example = os.path.join(ROOT, "examples/auth-server/Caddyfile")
        with open(os.path.join(folder, "access.log"), "w", encoding="utf-8") as file:
            for number in range(lines):
                request = {
                    "remote_ip": "192.0.2.1", "remote_port": "1", "client_ip": "192.0.2.1", "proto": "HTTP/2.0", "method": "GET",
                    "host": "stt.fullen.dev", "uri": f"{PATHS[number % len(PATHS)]}&n={number}",
                    "headers": {"User-Agent": ["Mozilla/5.0"], "Accept": ["*/*"], "Accept-Encoding": ["gzip, br"]},
                    "tls": {"resumed": False, "version": 772, "server_name": "stt.fullen.dev"},
                }
                line = {
                    "level": "info", "ts": 1.5, "logger": "http.log.access", "msg": "handled request", "request": request,
                    "duration": 0.001, "size": 5, "status": 200,
                }
                file.write(json.dumps(line) + "\n")
        old = os.path.join(ROOT, "Caddyfile")
        seconds, memory = run([program, "diff", old, example, "--log", "access.log"], folder)
        print(f"diff --log: {lines:,} lines in {seconds:.1f} s of CPU time, {memory:.0f} MB")


main()
