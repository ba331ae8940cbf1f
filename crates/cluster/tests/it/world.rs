//! Nights and lakes: what is run, where it ends up, and what a reader of it sees meanwhile.

use crate::process::{Process, Told, program};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use tempfile::TempDir;
use testkit::{assert_same_publication, copy_tree, repo_root, scratch};

/// The business date of the sample bank.
pub(crate) const AS_OF: &str = "2026-11-20";
/// Where the extracts of the sample night are.
const EXTRACTS: &str = "data-samples/night/20261120";
/// An extract of theirs that may be shorter.
const CONTACTS: &str = "care_contact_20261120.csv";

/// Which night is run; the job is the repository's.
pub(crate) struct Night {
    pub(crate) job: &'static str,
    pub(crate) as_of: &'static str,
    /// Extracts in place of the job's.
    pub(crate) extracts: Option<PathBuf>,
}

/// A lake in a folder that goes with it.
pub(crate) struct Lake {
    folder: TempDir,
}

/// A lake with a published night, and the sample night with fewer rows to run over it.
pub(crate) struct World {
    pub(crate) lake: Lake,
    pub(crate) night: Night,
    common: Arc<Common>,
    reader: Reader,
}

/// Somebody who reads what is published while nights run.
struct Reader {
    lake: PathBuf,
    /// The sets seen, in their order.
    seen: Vec<String>,
}

/// What every test with a [`World`] starts from, made once while any test holds it.
struct Common {
    before: Lake,
    /// What the night publishes on one machine.
    expected: Lake,
    extracts: TempDir,
}

static COMMON: Mutex<Weak<Common>> = Mutex::new(Weak::new());

impl Night {
    pub(crate) fn sample() -> Self {
        Self { job: "jobs/nightly.toml", as_of: AS_OF, extracts: None }
    }

    /// The command line of this night, up to what the engine is told.
    pub(crate) fn args(&self, lake: &Path) -> Vec<String> {
        let lake = lake.to_str().unwrap();
        let args = ["run", self.job, "--as-of", self.as_of, "--lake", lake, "--progress", "plain"];
        let mut args: Vec<String> = args.map(str::to_owned).to_vec();
        if let Some(extracts) = &self.extracts {
            args.extend(["--extracts".to_owned(), extracts.to_str().unwrap().to_owned()]);
        }
        args
    }

    /// Runs the night on one machine, with the same binary.
    pub(crate) fn on_one_machine(&self, lake: &Path) -> Told {
        let said = scratch();
        let mut args = self.args(lake);
        args.extend(["--local".to_owned(), "--threads".to_owned(), "2".to_owned()]);
        Process::start(said.path(), "local", &mut program(&args)).end(&mut || {})
    }
}

impl Lake {
    pub(crate) fn new() -> Self {
        Self { folder: scratch() }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("lake")
    }

    /// With a night that was run on one machine.
    pub(crate) fn with(night: &Night) -> Self {
        let lake = Self::new();
        night.on_one_machine(&lake.path()).is_well();
        lake
    }

    /// Whether nothing is published.
    pub(crate) fn is_bare(&self) -> bool {
        let data = std::fs::read_dir(self.path().join("segments/data"));
        !self.path().join("segments/CURRENT").exists() && data.is_ok_and(|mut d| d.next().is_none())
    }

    /// What unfinished runs have left.
    pub(crate) fn staging(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.path().join("staging")).unwrap();
        entries.map(|entry| entry.unwrap().path()).collect()
    }
}

impl World {
    pub(crate) fn new() -> Self {
        let common = Common::get();
        let lake = Lake::new();
        copy_tree(&common.before.path(), &lake.path());
        let reader = Reader { lake: lake.path(), seen: Vec::new() };
        let night = Night { extracts: Some(common.extracts.path().to_owned()), ..Night::sample() };
        let mut world = Self { lake, night, common, reader };
        world.read();
        world
    }

    /// Looks at what is published: always a whole set.
    pub(crate) fn read(&mut self) {
        self.reader.look();
    }

    /// The night has been published over the one before, byte for byte as one machine does it, and
    /// no reader ever saw anything else.
    pub(crate) fn is_as_on_one_machine(&mut self) {
        self.read();
        assert_same_publication(&self.common.expected.path(), &self.lake.path());
        assert_eq!(self.reader.seen.len(), 2, "{:?}", self.reader.seen);
        assert_eq!(self.lake.staging(), Vec::<PathBuf>::new());
    }

    /// The night before is still what readers see.
    pub(crate) fn is_as_before(&mut self) {
        self.read();
        assert_eq!(self.reader.seen.len(), 1, "{:?}", self.reader.seen);
    }
}

impl Common {
    fn get() -> Arc<Self> {
        let mut known = COMMON.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(common) = known.upgrade() {
            return common;
        }
        let before = Lake::with(&Night::sample());
        let extracts = scratch();
        copy_tree(&repo_root().join(EXTRACTS), extracts.path());
        let contacts = extracts.path().join(CONTACTS);
        let text = std::fs::read_to_string(&contacts).unwrap();
        let (shorter, _) = text.trim_end().rsplit_once('\n').unwrap();
        std::fs::write(&contacts, format!("{shorter}\n")).unwrap();
        let night = Night { extracts: Some(extracts.path().to_owned()), ..Night::sample() };
        let expected = Lake::with(&night);
        let common = Arc::new(Self { before, expected, extracts });
        *known = Arc::downgrade(&common);
        common
    }
}

impl Reader {
    /// Resolves the pointer as any reader does. Every file of the set is there with its bytes; the
    /// digests are compared once for each set.
    fn look(&mut self) {
        let folder = testkit::published(&self.lake).unwrap();
        let run = folder.file_name().unwrap().to_str().unwrap().to_owned();
        let manifest = std::fs::read(folder.join("manifest.json")).unwrap();
        let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
        assert_eq!(manifest["run"], run.as_str());
        let is_new = self.seen.last() != Some(&run);
        for table in manifest["tables"].as_array().unwrap() {
            for file in table["files"].as_array().unwrap() {
                let [table, name] = [&table["name"], &file["name"]].map(|n| n.as_str().unwrap());
                let path = folder.join(table).join(name);
                let size = std::fs::metadata(&path).unwrap().len();
                assert_eq!(file["bytes"], size, "{}", path.display());
                if is_new {
                    let digest = blake3::hash(&std::fs::read(&path).unwrap()).to_hex();
                    assert_eq!(file["blake3"], digest.as_str(), "{}", path.display());
                }
            }
        }
        if is_new {
            self.seen.push(run);
        }
    }
}
