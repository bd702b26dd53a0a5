//! A Debian of its own for a test, with systemd as its first process; gone when dropped.

use std::io::Write as _;
use std::os::fd::AsFd as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const PROJECT: &str = env!("CARGO_MANIFEST_DIR");

/// Boots Debian.
pub fn boot(test: &str) -> Container {
    Container::boot(test)
}

/// Says what was measured to whoever runs the tests.
pub fn say(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// A running Debian.
pub struct Container {
    name: String,
    root: PathBuf,
    groups: PathBuf,
    boots: u32,
    nspawn: Option<Child>,
    init: u32,
}

/// What a command left.
pub struct Output {
    pub status: i32,
    /// Both streams.
    pub text: String,
}

impl Container {
    fn boot(test: &str) -> Self {
        let groups = prerequisites().unwrap_or_else(|missing| panic!("{missing}"));
        let name = format!("caddyctl-{}-{test}", std::process::id());
        let root = folder().join(&name);
        std::fs::create_dir_all(root.parent().unwrap()).unwrap();
        let copied = Command::new("cp").args(["-a", "--reflink=auto"]).arg(debian()).arg(&root).status();
        assert!(copied.unwrap().success(), "Debian could not be copied to {}", root.display());
        let older = root.join("usr/bin/caddy-of-debian");
        std::fs::rename(root.join("usr/bin/caddy"), older).unwrap();
        std::fs::copy(Path::new(PROJECT).join("target/caddy/bin/caddy"), root.join("usr/bin/caddy"))
            .expect("the real Caddy is under target/caddy: ./test puts it there");
        std::fs::create_dir_all(root.join("opt/site")).unwrap();
        std::fs::copy(env!("CARGO_BIN_EXE_caddyctl"), root.join("opt/caddyctl")).unwrap();
        let mut container = Self { name, root, groups, boots: 0, nspawn: None, init: 0 };
        container.start();
        container
    }

    fn group(&self) -> PathBuf {
        self.groups.join(format!("{}-{}", self.name, self.boots))
    }

    fn start(&mut self) {
        self.boots += 1;
        let group = self.group();
        std::fs::create_dir(&group).unwrap();
        let script = "echo $$ >\"$1/cgroup.procs\" && exec env SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 systemd-nspawn \
                      -D \"$2\" --boot --register=no --keep-unit -M \"$3\" --console=pipe --private-network \
                      --resolv-conf=off --link-journal=no";
        let log = std::fs::File::create(self.root.with_extension("log")).unwrap();
        let nspawn = Command::new("sh")
            .args(["-c", script, "sh"])
            .args([group.as_os_str(), self.root.as_os_str(), self.name.as_ref()])
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let (id, end) = (nspawn.id(), Instant::now() + Duration::from_mins(1));
        self.nspawn = Some(nspawn);
        loop {
            if let Some(init) = child_of(id) {
                self.init = init;
                let state = self.run("systemctl is-system-running").text;
                if matches!(state.trim(), "running" | "degraded") {
                    return;
                }
            }
            let log = || std::fs::read_to_string(self.root.with_extension("log")).unwrap_or_default();
            assert!(Instant::now() < end, "Debian did not boot:\n{}", log());
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Ends every process in it at once, as a power cut would.
    fn kill(&mut self) {
        let _ = Command::new("kill").args(["-9", &self.init.to_string()]).status();
        if let Some(mut nspawn) = self.nspawn.take() {
            let end = Instant::now() + Duration::from_secs(10);
            while Instant::now() < end && matches!(nspawn.try_wait(), Ok(None)) {
                std::thread::sleep(Duration::from_millis(20));
            }
            let _ = nspawn.kill();
            let _ = nspawn.wait();
        }
        remove_group(&self.group());
    }

    /// A power cut, and the boot after it.
    pub fn crash_reboot(&mut self) {
        self.kill();
        self.start();
    }

    /// Runs a shell script inside, in the folder of the site, for at most two minutes.
    pub fn run(&self, script: &str) -> Output {
        let output = self.command(script).output().unwrap();
        Output {
            status: output.status.code().unwrap_or(-1),
            text: String::from_utf8_lossy(&output.stdout).into_owned(),
        }
    }

    fn command(&self, script: &str) -> Command {
        let mut command = Command::new("nsenter");
        command
            .args(["-t", &self.init.to_string(), "-m", "-u", "-i", "-n", "-p", "-C", "--"])
            .args(["/usr/bin/timeout", "120", "/bin/sh", "-c"])
            .arg(format!("exec 2>&1; cd /opt/site 2>/dev/null; {script}"))
            .env_clear()
            // What the shell's own installation would find first: a program that a deploy put there may be missing.
            .env("PATH", "/opt:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
            .env("USER", "root")
            .stdin(Stdio::null());
        command
    }

    /// Runs a script that has to end well; its words without the last line break.
    pub fn ok(&self, script: &str) -> String {
        let Output { status, text } = self.run(script);
        assert_eq!(status, 0, "{script}\n{text}\n{}", self.run("journalctl -n 40 --no-pager -o cat").text);
        text.trim_end().to_owned()
    }

    /// Waits until a script ends well, and says how long that took.
    pub fn await_ok(&self, script: &str, within: Duration) -> Duration {
        let start = Instant::now();
        while self.run(script).status != 0 {
            assert!(start.elapsed() < within, "not within {within:?}: {script}\n{}", self.run(script).text);
            std::thread::sleep(Duration::from_millis(200));
        }
        start.elapsed()
    }

    /// Starts a script that goes on by itself.
    pub fn spawn(&self, script: &str) -> Child {
        self.command(script).spawn().unwrap()
    }

    /// Runs `work` in a thread of its own that has the network of the container.
    pub fn inside<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> std::thread::JoinHandle<T> {
        let network = std::fs::File::open(format!("/proc/{}/ns/net", self.init)).unwrap();
        std::thread::spawn(move || {
            rustix::thread::move_into_link_name_space(network.as_fd(), None).unwrap();
            work()
        })
    }

    /// A command of this machine's programs in the network of the container: it has no `ip` of its own.
    pub fn network(&self, words: &str) {
        let init = self.init.to_string();
        let status = Command::new("nsenter").args(["-t", &init, "-n", "--"]).args(words.split(' ')).status();
        assert!(status.unwrap().success(), "{words}");
    }

    /// One property of a unit.
    pub fn property(&self, unit: &str, name: &str) -> String {
        self.ok(&format!("systemctl show -P {name} {unit}"))
    }

    /// Copies a file of this machine to `path` inside.
    pub fn copy(&self, from: &Path, path: &str) {
        std::fs::copy(from, self.root.join(path.trim_start_matches('/'))).unwrap();
    }

    /// Puts a file into the folder of the site.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.root.join("opt/site").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        self.kill();
        let _ = std::fs::remove_dir_all(&self.root);
        let _ = std::fs::remove_file(self.root.with_extension("log"));
    }
}

/// In memory where there is enough of it: deploys sync much to the disk, and six containers at once are slow there.
fn folder() -> PathBuf {
    let enough = 6 << 30;
    let is_large = |status: &rustix::fs::StatVfs| status.f_bavail * status.f_frsize > enough;
    match rustix::fs::statvfs("/dev/shm") {
        Ok(status) if is_large(&status) => PathBuf::from("/dev/shm"),
        _ => Path::new(PROJECT).join("target/systemd"),
    }
}

fn debian() -> PathBuf {
    Path::new(PROJECT).join("target/systemd-root/debian")
}

/// The folder for cgroups, or what is missing.
pub fn prerequisites() -> Result<PathBuf, String> {
    if !rustix::process::geteuid().is_root() {
        return Err("it needs root".to_owned());
    }
    for program in ["systemd-nspawn", "nsenter"] {
        if Command::new(program).arg("--version").stdout(Stdio::null()).status().is_err() {
            return Err(format!("it needs {program}; tests/systemd/set-up brings it"));
        }
    }
    if !debian().is_dir() {
        return Err("it needs the Debian that tests/systemd/set-up builds".to_owned());
    }
    let mounts = std::fs::read_to_string("/proc/mounts").unwrap_or_default();
    let second = |line: &str| {
        let mut words = line.split(' ');
        let (_, place, kind) = (words.next()?, words.next()?, words.next()?);
        (kind == "cgroup2").then(|| PathBuf::from(place))
    };
    let groups = mounts.lines().find_map(second).ok_or("it needs cgroup2, which is not mounted")?;
    let probe = groups.join(format!("caddyctl-{}-probe", std::process::id()));
    if let Err(error) = std::fs::create_dir_all(&probe) {
        return Err(format!("it needs a cgroup of its own below {}: {error}", groups.display()));
    }
    // Another test of this process may be probing too.
    let _ = std::fs::remove_dir(&probe);
    Ok(groups)
}

fn child_of(process: u32) -> Option<u32> {
    let all = std::fs::read_to_string(format!("/proc/{process}/task/{process}/children")).ok()?;
    all.split_whitespace().next()?.parse().ok()
}

/// A cgroup goes away once its processes and its own groups are gone.
fn remove_group(group: &Path) {
    for entry in std::fs::read_dir(group).into_iter().flatten().flatten() {
        if entry.path().is_dir() {
            remove_group(&entry.path());
        }
    }
    for _ in 0..50 {
        if std::fs::remove_dir(group).is_ok() || !group.exists() {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}
