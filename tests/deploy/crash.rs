//! A deploy that is stopped dead at each place: the disk must hold the old or the new configuration, whole, as the
//! real Caddy reads it; Caddy restarts from it; and the next run finishes or undoes.

use std::path::Path;

use caddyctl_deploy::artifact::{Artifact, DeployFile, Role};
use caddyctl_deploy::deploy;
use caddyctl_deploy::files::digest::same_config;
use caddyctl_deploy::files::host::Host;
use caddyctl_deploy::state::journal::Journal;
use caddyctl_deploy::systemd::Systemd;
use caddyctl_deploy::transaction::error::Cause;
use caddyctl_deploy::transaction::fault;
use caddyctl_deploy::transaction::fault::{Fault, FaultPoint, Stop};
use caddyctl_deploy::transaction::recover::recover;
use caddyctl_deploy::transaction::setup::{Setup, Uncompiled};
use serde_json::Value;

use crate::support::backend::get;
use crate::support::caddy;
use crate::support::server::{Caddy, free_port};
use crate::support::site::Site;

/// What happens between the crash and the recovery.
#[derive(Clone, Copy, Debug, PartialEq)]
enum After {
    /// Caddy runs on.
    Nothing,
    /// Caddy is killed and started again from the disk, as after a reboot.
    Restart,
    /// Caddy is killed, and is down while the recovery runs.
    Down,
}

struct Scene {
    site: Site,
    admin: u16,
    port: u16,
    artifacts: Vec<(&'static str, Artifact)>,
}

impl Scene {
    fn new() -> Self {
        let (admin, port) = (free_port(), free_port());
        let artifacts = ["old", "new", "newer"].map(|version| (version, compiled(version, admin, port)));
        Self { site: Site::new(), admin, port, artifacts: artifacts.into() }
    }

    fn artifact(&self, version: &str) -> Artifact {
        self.artifacts.iter().find(|(name, _)| *name == version).unwrap().1.clone()
    }

    /// What Caddy would start with.
    fn installed(&self) -> Result<Value, String> {
        serde_json::from_slice(&installed(&self.site.host)?).map_err(|error| error.to_string())
    }

    fn version(&self, config: &Value) -> &'static str {
        let is = |json: &[u8]| same_config(&serde_json::from_slice(json).unwrap(), config);
        self.artifacts
            .iter()
            .find(|(_, artifact)| is(&artifact.json))
            .map_or("neither", |(version, _)| version)
    }
}

/// A real site in which a mix of two versions is an error: the Caddyfile uses a snippet of its own version.
fn compiled(version: &str, admin: u16, port: u16) -> Artifact {
    let files = [
        ("sites/one.caddy", Role::Import, format!("(answer_{version}) {{\n\trespond \"{version}\"\n}}\n")),
        ("sites/two.caddy", Role::Import, format!("(two_{version}) {{\n\timport answer_{version}\n}}\n")),
        (
            "Caddyfile",
            Role::Caddyfile,
            format!(
                "{{\n\tadmin 127.0.0.1:{admin}\n\tauto_https off\n}}\nimport sites/*.caddy\n\
                 http://127.0.0.1:{port} {{\n\tbind 127.0.0.1\n\timport two_{version}\n}}\n"
            ),
        ),
    ];
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("sites")).unwrap();
    let mut artifact = Artifact::default();
    for (path, role, text) in files {
        std::fs::write(folder.path().join(path), &text).unwrap();
        let path = Path::new("/etc/caddy").join(path);
        artifact.files.push(DeployFile { path, bytes: Some(text.into_bytes()), role });
    }
    artifact.json = caddy::adapt(folder.path(), &[]).unwrap();
    artifact
}

/// What the real Caddy makes of the installed Caddyfile.
fn installed(host: &Host) -> Result<Vec<u8>, String> {
    caddy::adapt(host.on_disk(&host.caddyfile).parent().unwrap(), &[])
}

/// A `systemctl` that knows the service and can do nothing.
fn broken_systemd(folder: &Path) -> Systemd {
    use std::os::unix::fs::PermissionsExt as _;
    let program = folder.join("systemctl");
    std::fs::write(
        &program,
        "#!/bin/sh\n[ $1 = show ] && exec echo ActiveState=active\necho 'no bus' >&2\nexit 1\n",
    )
    .unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    Systemd::new(program, "caddy.service")
}

/// Runs one cell of the matrix and says what followed.
fn crash_at(point: FaultPoint, after: After) -> String {
    let scene = Scene::new();
    let host = scene.site.host.clone();
    let compile = || installed(&host).map_err(Uncompiled);
    let address = format!("127.0.0.1:{}", scene.admin).parse().unwrap();
    let setup = || Setup { compile_installed: &compile, ..scene.site.setup(&address) };
    let old: Value = serde_json::from_slice(&scene.artifact("old").json).unwrap();
    let mut caddy = Caddy::start(&old);
    deploy(&scene.artifact("old"), &setup(), None).unwrap();

    let mut artifact = scene.artifact("new");
    let tools = tempfile::tempdir().unwrap();
    let mut broken = Setup { fault: Fault(Some((point, Stop::Vanish))), ..setup() };
    let undoing = matches!(point, FaultPoint::Undoing | FaultPoint::HalfUndone);
    if undoing {
        // systemd fails after all files are in place, so that everything has to go back.
        let bytes = Some(b"[Service]\nRestart=on-failure\n".to_vec());
        artifact.files.push(DeployFile { path: host.drop_in(), bytes, role: Role::DropIn });
        broken.systemd = Some(broken_systemd(tools.path()));
    }
    let failure = deploy(&artifact, &broken, None).unwrap_err();
    if undoing {
        assert!(failure.undo.is_none() && failure.to_string().contains("no bus"), "{failure}");
    } else {
        assert!(matches!(*failure.cause, Cause::Stopped), "{point:?}: {failure}");
    }

    let on_disk = scene.installed().unwrap_or_else(|words| panic!("{point:?}: the disk is broken: {words}"));
    let disk_version = scene.version(&on_disk);
    assert_ne!(disk_version, "neither", "{point:?}: {on_disk}");
    match after {
        After::Nothing => {}
        After::Restart => caddy.restart(&on_disk),
        After::Down => caddy.kill(),
    }
    if after != After::Down {
        let answer = get(scene.port, "/").unwrap();
        assert!(["old", "new"].contains(&answer.as_str()), "{point:?}: {answer}");
    }

    let recovery = recover(&setup(), false).unwrap_or_else(|error| panic!("{point:?} {after:?}: {error}"));
    assert!(recovery.is_some(), "{point:?}: a journal was left");
    assert_eq!(recover(&setup(), false).unwrap(), None);
    let on_disk = scene.installed().unwrap();
    if after == After::Down {
        caddy.restart(&on_disk);
    }
    let version = scene.version(&on_disk);
    assert_eq!(get(scene.port, "/").unwrap(), version, "{point:?} {after:?}: disk and caddy differ");
    assert!(same_config(&caddy.running(), &on_disk), "{point:?} {after:?}");
    assert_eq!(scene.site.tree().len(), 3, "{point:?}: {:?}", scene.site.tree());
    assert_eq!(Journal::find(&host).unwrap(), None);

    deploy(&scene.artifact("newer"), &setup(), None).unwrap();
    assert_eq!(get(scene.port, "/").unwrap(), "newer");
    format!("disk {disk_version}, then {version}")
}

#[test]
fn at_each_step() {
    use std::fmt::Write as _;
    let mut table = String::new();
    for (point, name) in FaultPoint::ALL.iter().filter(|(point, _)| !point.is_of_units()) {
        let cells: Vec<String> = std::thread::scope(|scope| {
            let run = |after| scope.spawn(move || crash_at(*point, after));
            let all = [run(After::Nothing), run(After::Restart), run(After::Down)];
            all.into_iter().map(|cell| cell.join().unwrap()).collect()
        });
        let _ = writeln!(
            table,
            "{name:<12} | runs on: {} | restarted: {} | down: {}",
            cells[0], cells[1], cells[2]
        );
    }
    // Past the test runner's capture: the table is the proof.
    let _ = std::io::Write::write_all(&mut std::io::stderr(), table.as_bytes());
}

#[test]
fn a_recovery_may_crash_as_well() {
    for first in [FaultPoint::Verified, FaultPoint::FirstFile] {
        let scene = Scene::new();
        let host = scene.site.host.clone();
        let compile = || installed(&host).map_err(Uncompiled);
        let address = format!("127.0.0.1:{}", scene.admin).parse().unwrap();
        let setup = |fault| Setup { compile_installed: &compile, fault, ..scene.site.setup(&address) };
        let at = |point| Fault(Some((point, Stop::Vanish)));
        let old: Value = serde_json::from_slice(&scene.artifact("old").json).unwrap();
        let _caddy = Caddy::start(&old);
        deploy(&scene.artifact("old"), &setup(Fault::default()), None).unwrap();
        deploy(&scene.artifact("new"), &setup(at(first)), None).unwrap_err();
        for second in [FaultPoint::Pointed, FaultPoint::FirstFile, FaultPoint::Caddyfile] {
            // From where the first crash left it, the second file is all that is missing: it may just succeed.
            let _ = recover(&setup(at(second)), false);
            assert_ne!(scene.version(&scene.installed().unwrap()), "neither");
        }
        recover(&setup(Fault::default()), false).unwrap();
        assert_eq!(scene.version(&scene.installed().unwrap()), "new");
        assert_eq!(scene.site.tree().len(), 3);
    }
}

#[test]
fn a_linked_caddyfile_stays_a_link_and_is_whole_at_each_step() {
    for (point, _) in fault::FaultPoint::ALL {
        let scene = Scene::new();
        let host = scene.site.host.clone();
        let old = scene.artifact("old");
        let elsewhere = scene.site.root.path().join("srv");
        std::fs::create_dir_all(&elsewhere).unwrap();
        deploy(&old, &Setup::files_only(host.clone()), None).unwrap();
        let link = host.on_disk(&host.caddyfile);
        std::fs::rename(&link, elsewhere.join("Caddyfile")).unwrap();
        std::os::unix::fs::symlink("../../srv/Caddyfile", &link).unwrap();
        let setup = |fault| Setup { fault, ..Setup::files_only(host.clone()) };
        let _ = deploy(&scene.artifact("new"), &setup(Fault(Some((*point, Stop::Vanish)))), None);
        // Below a root, the pointer of a linked Caddyfile names a place that only the host itself has.
        if *point != FaultPoint::Pointed && *point != FaultPoint::FirstFile {
            assert_ne!(scene.version(&scene.installed().unwrap()), "neither", "{point:?}");
        }
        recover(&setup(Fault::default()), false).unwrap();
        assert!(link.is_symlink());
        assert_ne!(scene.version(&scene.installed().unwrap()), "neither");
        assert_eq!(std::fs::read_dir(&elsewhere).unwrap().count(), 1);
    }
}
