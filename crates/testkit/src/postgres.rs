//! A PostgreSQL server of the tests' own: a unix socket, a loopback port with TLS, and an authority that
//! nobody else trusts. Nothing when PostgreSQL or openssl is not installed: the test says so.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test tool fails its test loudly")]

use std::fs::{self, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;
use tempfile::TempDir;

/// The password of the users `reader` and `stranger`: its characters may not be taken for anything else.
pub const PASSWORD: &str = "p@ss:w/rd \\ 100%";

/// Who may ask, and how. The owner is for the tests alone.
const RULES: &str = "
local all owner trust
local all all scram-sha-256
hostssl all weak 127.0.0.1/32 md5
hostssl all open 127.0.0.1/32 trust
hostssl all all 127.0.0.1/32 scram-sha-256
hostssl all all ::1/128 scram-sha-256
";

const USERS: &str = "
CREATE ROLE reader LOGIN PASSWORD 'p@ss:w/rd \\ 100%';
CREATE ROLE stranger LOGIN PASSWORD 'p@ss:w/rd \\ 100%';
CREATE ROLE open LOGIN;
SET password_encryption = md5;
CREATE ROLE weak LOGIN PASSWORD 'weak';
CREATE ROLE desk;
GRANT desk TO reader;
";

/// A running server with a database `core`, stopped when dropped. `owner` may do everything in it, by the
/// socket; `reader` and `stranger` have [`PASSWORD`], `desk` is a role of `reader`; `weak` is asked for its
/// password by MD5, and `open` for none.
pub struct Postgres {
    folder: TempDir,
    programs: PathBuf,
    /// Its port.
    pub port: u16,
}

impl Postgres {
    /// A server with these users and what `sql` makes in its database: statements between `;`.
    pub fn start(sql: &str) -> Option<Self> {
        let Some(programs) = programs() else {
            println!("skipped: PostgreSQL's server is not installed (Debian: postgresql)");
            return None;
        };
        if Command::new("openssl").arg("version").output().is_err() {
            println!("skipped: openssl is not installed");
            return None;
        }
        // Its user has to get there, which a scratch folder below another user's does not let it.
        let folder = tempfile::Builder::new().prefix("clientele-pg-").tempdir_in("/tmp").unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let server = Self { folder, programs, port };
        server.certificates();
        server.own("initdb", &["-U", "owner", "-E", "UTF8", "--no-locale", "--no-sync"]);
        let hba = server.path("data/pg_hba.conf");
        fs::write(&hba, RULES).unwrap();
        fs::write(server.path("data/postgresql.conf"), server.settings()).unwrap();
        server.run();
        server.sql_in("postgres", &format!("{USERS} CREATE DATABASE core;"));
        server.sql(sql);
        Some(server)
    }

    fn settings(&self) -> String {
        let folder = self.folder.path().display();
        format!(
            "port = {}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = '{folder}/data'\n\
             ssl = on\nssl_cert_file = '{folder}/server.pem'\nssl_key_file = '{folder}/server.key'\n\
             fsync = off\nmax_connections = 20\nlog_min_messages = fatal\n",
            self.port
        )
    }

    /// An authority, and a certificate for `localhost` alone; and an authority that signed nothing.
    fn certificates(&self) {
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-sha256"];
        for name in ["ca", "other"] {
            let files = [&format!("{name}.key"), "-out", &format!("{name}.pem")];
            let subject = ["-subj", &format!("/CN={name}")];
            self.openssl(&[&["req", "-x509"], &key[..], &["-keyout"], &files, &subject].concat());
        }
        let files = ["-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=server"];
        self.openssl(&[&["req"], &key[..], &files].concat());
        fs::write(self.path("names"), "subjectAltName=DNS:localhost\n").unwrap();
        let signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "names"];
        let files = ["x509", "-req", "-sha256", "-in", "server.csr", "-out", "server.pem"];
        self.openssl(&[&files[..], &signed].concat());
        fs::set_permissions(self.path("server.key"), Permissions::from_mode(0o600)).unwrap();
        fs::create_dir(self.path("data")).unwrap();
        if is_root() {
            let owned = [self.path("server.key"), self.path("data")];
            well(&Command::new("chown").arg("postgres").args(owned).output().unwrap());
        }
    }

    fn openssl(&self, args: &[&str]) {
        let told = Command::new("openssl").args(args).current_dir(self.folder.path()).output();
        well(&told.unwrap());
    }

    /// A file of its folder: `ca.pem` signed its certificate, which names `localhost`; `other.pem` did not.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs one of the server's programs on its data, not as root: it would refuse.
    fn own(&self, program: &str, args: &[&str]) {
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]);
            command.arg(self.programs.join(program));
            command
        } else {
            Command::new(self.programs.join(program))
        };
        command.current_dir(self.folder.path()).env_clear().env("LC_ALL", "C");
        // Its output would hold this one's pipe open as long as the server runs.
        let log = fs::File::create(self.path(&format!("{program}.log"))).unwrap();
        command.stdout(log.try_clone().unwrap()).stderr(log).stdin(std::process::Stdio::null());
        let status = command.arg("-D").arg(self.path("data")).args(args).status().unwrap();
        let said = fs::read_to_string(self.path(&format!("{program}.log"))).unwrap();
        assert!(status.success(), "{program} {args:?}: {said}");
    }

    /// Starts the server again after a death.
    pub fn run(&self) {
        self.own("pg_ctl", &["-w", "-t", "60", "start"]);
    }

    /// Stops the server as it wants to be stopped.
    pub fn stop(&self) {
        self.own("pg_ctl", &["-m", "fast", "-w", "stop"]);
    }

    /// Kills the server and all its children at once, as a power cut would, and takes away what says that
    /// it runs: nobody may ever bury them here. Gives how many they were.
    pub fn kill(&self) -> usize {
        let pid_file = self.path("data/postmaster.pid");
        let text = fs::read_to_string(&pid_file).unwrap();
        let postmaster = text.lines().next().unwrap().to_owned();
        let mut all = children(&postmaster);
        all.insert(0, postmaster);
        let kill = format!("kill -9 {}", all.join(" "));
        well(&Command::new("sh").arg("-c").arg(kill).output().unwrap());
        while all.iter().any(|pid| is_alive(pid)) {
            std::thread::sleep(Duration::from_millis(10));
        }
        let lock = format!("data/.s.PGSQL.{}.lock", self.port);
        fs::remove_file(pid_file).unwrap();
        fs::remove_file(self.path(&lock)).unwrap();
        all.len()
    }

    /// Runs SQL as the owner.
    pub fn sql(&self, sql: &str) {
        self.sql_in("core", sql);
    }

    fn sql_in(&self, database: &str, sql: &str) {
        let mut psql = self.psql(database);
        // One statement after the other: a database is made outside of a transaction.
        for statement in sql.split(';').map(str::trim).filter(|statement| !statement.is_empty()) {
            psql.arg("-c").arg(statement);
        }
        well(&psql.output().unwrap());
    }

    fn psql(&self, database: &str) -> Command {
        let mut psql = Command::new(self.programs.join("psql"));
        psql.args(["-X", "-q", "-U", "owner", "-v", "ON_ERROR_STOP=1", "-d", database]);
        psql.arg("-h").arg(self.path("data")).arg("-p").arg(self.port.to_string());
        psql.env("PGCLIENTENCODING", "UTF8");
        psql
    }

    /// Copies a file into a table, as the options of `COPY` say.
    pub fn fill(&self, table: &str, file: &Path, options: &str) {
        let copy = format!("\\copy {table} FROM '{}' WITH ({options})", file.display());
        well(&self.psql("core").arg("-c").arg(copy).output().unwrap());
    }

    /// The address by the unix socket.
    pub fn by_socket(&self, user: &str) -> String {
        let folder = self.path("data").display().to_string().replace('/', "%2F");
        format!("postgresql://{user}@{folder}:{}/core", self.port)
    }

    /// The address by a host, where the server takes nothing but TLS.
    pub fn by_host(&self, user: &str, host: &str) -> String {
        format!("postgresql://{user}@{host}:{}/core", self.port)
    }

    /// A file with a password that its owner alone may read.
    pub fn password_file(&self, password: &str) -> PathBuf {
        let path = self.path("password");
        fs::write(&path, password).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        path
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if self.path("data/postmaster.pid").exists() && !std::thread::panicking() {
            self.own("pg_ctl", &["-m", "immediate", "-w", "stop"]);
        } else if self.path("data/postmaster.pid").exists() {
            self.kill();
        }
    }
}

/// The server's programs of the highest version installed.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    let folders = versions.filter_map(|entry| Some(entry.ok()?.path().join("bin")));
    folders.filter(|folder| folder.join("initdb").exists()).max()
}

fn is_root() -> bool {
    let me = Command::new("id").arg("-u").output().unwrap();
    me.stdout.trim_ascii() == b"0"
}

fn children(of: &str) -> Vec<String> {
    let all = fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    all.filter(|pid| state(pid).is_some_and(|(_, parent)| parent == of)).collect()
}

/// Whether a process does something yet: one that is dead and not buried does not.
fn is_alive(pid: &str) -> bool {
    state(pid).is_some_and(|(state, _)| state != "Z" && state != "X")
}

/// The state and the parent of a process.
fn state(pid: &str) -> Option<(String, String)> {
    let stat = fs::read_to_string(Path::new("/proc").join(pid).join("stat")).ok()?;
    let (_, rest) = stat.rsplit_once(')')?;
    let mut words = rest.split_ascii_whitespace().map(str::to_owned);
    Some((words.next()?, words.next()?))
}

fn well(output: &Output) {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
