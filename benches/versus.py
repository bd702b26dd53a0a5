"""Measures the rows of benches/versus.sh, which says how to run it."""

import datetime
import json
import os
import pathlib
import platform
import resource
import subprocess
import sys

caddyctl, caddy, figures, work, full = sys.argv[1:]
full = full == "true"
caddyctl, caddy = os.path.abspath(caddyctl), os.path.abspath(caddy)
KINDS = ["proxy", "flat", "wild", "deep", "headers"]
RECORD = pathlib.Path("benches/caddy-10000.tsv")
RUNS = 15
missed = 0


def path(kind, sites):
    return f"{work}/{kind}-{sites}"


def hyperfine(commands, runs, warmup=1):
    """What hyperfine found out of several runs of each command."""
    out = f"{work}/times.json"
    run = subprocess.run(
        ["hyperfine", "--style", "none", "--shell=none", "--ignore-failure", "--runs", str(runs),
         "--warmup", str(warmup), "--export-json", out, *commands],
        capture_output=True, text=True)
    if run.returncode:
        sys.exit(run.stderr)
    return json.load(open(out))["results"]


def timed(command, runs, warmup=1):
    """Wall and user time in seconds of the fastest of several runs."""
    result, = hyperfine([command], runs, warmup)
    return min(result["times"]), result["user"]


def adapt(program, file, runs, warmup=1):
    return timed(f"{program} adapt --config {file}", runs, warmup)


def in_turns(*commands):
    """Wall time in seconds of the fastest of RUNS of each command. They take turns at three runs, since what else the machine
    does, and its host, comes and goes."""
    fastest = [float("inf")] * len(commands)
    for _ in range(RUNS // 3):
        results = hyperfine(commands, 3, warmup=0)
        fastest = [min(known, *result["times"]) for known, result in zip(fastest, results)]
    return fastest


def in_program(*arguments):
    """The figures that the program `figures` prints, in milliseconds."""
    out = subprocess.run([figures, *arguments], check=True, capture_output=True, text=True).stdout
    return {name: float(value) for name, value in (line.split() for line in out.splitlines())}


def peak(file):
    """Peak memory of `caddyctl adapt`, and the bytes of its input and output, in a process that has run nothing else."""
    script = (
        "import os,resource,subprocess,sys\n"
        "run=subprocess.Popen(sys.argv[1:],stdout=subprocess.PIPE,stderr=subprocess.DEVNULL)\n"
        "size=0\n"
        "while piece:=run.stdout.read(1<<20): size+=len(piece)\n"
        "run.wait()\n"
        "print(size,resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss*1024)\n")
    out = subprocess.run([sys.executable, "-c", script, caddyctl, "adapt", "--config", file],
                         check=True, capture_output=True, text=True).stdout
    written, memory = map(int, out.split())
    return memory, os.path.getsize(file) + written


def machine():
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
    memory = next(int(line.split()[1]) for line in open("/proc/meminfo") if line.startswith("MemTotal"))
    return f"{os.cpu_count()} × {model}, {memory / 2**20:.0f} GiB, {platform.system()} {platform.release().split('-')[0]}"


def row(what, target, measured, met):
    global missed
    missed += not met
    print(f"| {what} | {target} | {measured} | {'met' if met else 'missed'} |", flush=True)


def at_least(what, times, theirs, ours, note=""):
    row(what, f"at least {times} times faster", f"{theirs / ours:.0f} times{note}", theirs >= times * ours)


def caddy_at_10000():
    """Seconds that `caddy adapt` takes for 10,000 sites, and where that was measured."""
    if full:
        seconds, _ = adapt(caddy, path("proxy", 10000), 1, warmup=0)
        RECORD.write_text(f"{seconds:.1f}\t{datetime.date.today()}\t{machine()}\n")
        return seconds, ""
    seconds, date, where = RECORD.read_text().rstrip("\n").split("\t")
    return float(seconds), f"; Caddy's {float(seconds):.0f} s of {date} on {where}"


load = os.getloadavg()[0]
print(f"{machine()}, load {load:.1f}; Caddy {subprocess.run([caddy, 'version'], capture_output=True, text=True).stdout.split()[0]}, fastest runs\n")
print("| what | target | measured | |\n|---|---|---|---|")

ours, user = adapt(caddyctl, f"{work}/root", 50, warmup=5)
theirs, _ = adapt(caddy, f"{work}/root", 50, warmup=5)
at_least("`adapt`, the root Caddyfile", 25, theirs, ours)
row("`adapt`, the root Caddyfile, user time", "at most 3 ms", f"{user * 1000:.1f} ms", user <= 0.003)

ours, _ = adapt(caddyctl, path("proxy", 1000), 20)
theirs, _ = adapt(caddy, path("proxy", 1000), 5, warmup=1)
at_least("`adapt`, 1,000 sites", 100, theirs, ours)

at_10000, _ = adapt(caddyctl, path("proxy", 10000), RUNS)
theirs, where = caddy_at_10000()
at_least("`adapt`, 10,000 sites", 500, theirs, at_10000, where)
times = in_program("json", path("proxy", 10000))
ratio = times["adapt"] / times["serde_json"]
row("`adapt`, 10,000 sites, in one program with serde_json, which parses and writes that JSON", "at most twice its time",
    f"{ratio:.2f} times", ratio <= 2)
for kind in KINDS:
    few, many = in_turns(*(f"{caddyctl} adapt --config {path(kind, sites)}" for sites in (10000, 100000)))
    ratio = many / few
    row(f"`adapt`, 100,000 sites, `{kind}`", "at most 11 times 10,000", f"{ratio:.1f} times", ratio <= 11)
for kind in KINDS:
    memory, size = peak(path(kind, 10000))
    row(f"memory of `adapt`, 10,000 sites, `{kind}`", "at most 12 bytes for each byte read or written",
        f"{memory / size:.1f} bytes", memory <= 12 * size)

ours, _ = timed(f"{caddyctl} validate {path('proxy', 10000)}", 15)
row("`validate` with all checks and lints, 10,000 sites", "at most twice `adapt`",
    f"{ours / at_10000:.2f} times", ours <= 2 * at_10000)
file = path("proxy", 10000)
ours, _ = timed(f"{caddyctl} fmt {file}", 10)
theirs, _ = timed(f"{caddy} fmt {file}", 10)
size = os.path.getsize(file) / 1e6
row(f"`fmt`, {size:.1f} MB", "at least 3 times faster", f"{theirs / ours:.1f} times", theirs >= 3 * ours)
edit = in_program("edit", path("proxy", 1000))["edit"]
row("library: faults again after a change of one line, 1,000 sites", "under 20 ms", f"{edit:.1f} ms", edit < 20)
print(f"\n{missed} missed" if missed else "\nall met")
sys.exit(1 if missed else 0)
