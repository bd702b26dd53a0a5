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
    """Elapsed and processor time (user and system) in seconds: the shortest elapsed time and the mean processor time of several
    runs."""
    result, = hyperfine([command], runs, warmup)
    return min(result["times"]), result["user"] + result["system"]


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


def shown(figure):
    """Elapsed time, and processor time in brackets, in milliseconds; Caddy's recorded figure has only elapsed time."""
    elapsed, cpu = figure
    return f"{elapsed * 1000:.1f} ms" + (f" (CPU {cpu * 1000:.1f} ms)" if cpu else "")


def at_least(what, times, theirs, ours, note=""):
    """Compares elapsed times."""
    row(what, f"at least {times} times less elapsed time",
        f"{theirs[0] / ours[0]:.0f} times: {shown(ours)}, Caddy {shown(theirs)}{note}", theirs[0] >= times * ours[0])


def caddy_at_10000():
    """Seconds that `caddy adapt` takes for 10,000 sites, and where that was measured."""
    if full:
        figure = adapt(caddy, path("proxy", 10000), 1, warmup=0)
        RECORD.write_text(f"{figure[0]:.1f}\t{datetime.date.today()}\t{machine()}\n")
        return figure, ""
    seconds, date, where = RECORD.read_text().rstrip("\n").split("\t")
    return (float(seconds), None), f"; Caddy's figure is of {date} on {where}"


load = os.getloadavg()[0]
print(f"{machine()}, load {load:.1f}; Caddy {subprocess.run([caddy, 'version'], capture_output=True, text=True).stdout.split()[0]}, fastest runs\n")
print("| what | target | measured | |\n|---|---|---|---|")

ours = adapt(caddyctl, f"{work}/root", 50, warmup=5)
at_least("`adapt`, the root Caddyfile", 15, adapt(caddy, f"{work}/root", 50, warmup=5), ours)

ours = adapt(caddyctl, path("proxy", 1000), 20)
at_least("`adapt`, 1,000 sites", 80, adapt(caddy, path("proxy", 1000), 5), ours)

at_10000 = adapt(caddyctl, path("proxy", 10000), RUNS)
theirs, where = caddy_at_10000()
at_least("`adapt`, 10,000 sites", 300, theirs, at_10000, where)
times = in_program("json", path("proxy", 10000))
ratio = times["adapt"] / times["serde_json"]
row("`adapt`, 10,000 sites, in one program with serde_json, which parses and writes that JSON in one thread", "at most its CPU time",
    f"{ratio:.2f} times: {times['adapt']:.1f} ms, serde_json {times['serde_json']:.1f} ms", ratio <= 1)
for kind in KINDS:
    few, many = in_turns(*(f"{caddyctl} adapt --config {path(kind, sites)}" for sites in (10000, 100000)))
    ratio = many / few
    row(f"`adapt`, 100,000 sites, `{kind}`", "at most 12 times 10,000",
        f"{ratio:.1f} times: {many * 1000:.0f} ms, {few * 1000:.0f} ms", ratio <= 12)
for kind in KINDS:
    memory, size = peak(path(kind, 10000))
    row(f"memory of `adapt`, 10,000 sites, `{kind}`", "at most 12 bytes for each byte read or written",
        f"{memory / size:.1f} bytes", memory <= 12 * size)

ours = timed(f"{caddyctl} validate {path('proxy', 10000)}", RUNS)
row("`validate` with all checks and lints, 10,000 sites", "at most 2.5 times `adapt`",
    f"{ours[0] / at_10000[0]:.2f} times: {shown(ours)}", ours[0] <= 2.5 * at_10000[0])
file = path("proxy", 10000)
size = os.path.getsize(file) / 1e6
at_least(f"`fmt`, {size:.1f} MB", 3, timed(f"{caddy} fmt {file}", 10), timed(f"{caddyctl} fmt {file}", 10))
edit = in_program("edit", path("proxy", 1000))["edit"]
row("library: faults again after a change of one line, 1,000 sites", "under 20 ms", f"{edit:.1f} ms", edit < 20)
print(f"\n{missed} missed" if missed else "\nall met")
sys.exit(1 if missed else 0)
