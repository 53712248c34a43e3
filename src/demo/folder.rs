//! The folder of a demo: its database, key and captured mail. One demo at a time stands on it, and nothing else of
//! anybody's is in it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Error, ErrorKind, Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail, ensure};

use crate::config::DatabaseUrl;
use crate::values::MasterKey;

/// Held by the demo that stands on the folder; holds the address it was last reached at.
const LOCK: &str = "demo.lock";
/// There while the database is being filled: whoever finds it finds a half-filled one.
const HALF_FILLED: &str = "half-filled";
const DATABASE: &str = "iapt-pad.sqlite";
const KEY: &str = "secret.key";
/// The address of a demo that never said another.
const USUAL_ADDRESS: &str = "http://127.0.0.1:8080";
/// What a new file system may hold by itself.
const NOBODYS: &str = "lost+found";
/// As many files of somebody else's as are named.
const NAMED: usize = 3;

/// A folder that is this demo's for as long as the value lives.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    lock: File,
}

impl Folder {
    /// Makes the folder if need be and takes it, or says what is in the way and what to type.
    pub(super) fn take(path: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(path).map_err(|refused| anyhow!(why_not_made(path, &refused)))?;
        ensure_its_own(path)?;
        let open = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(path.join(LOCK));
        let lock = open.map_err(|refused| anyhow!(why_not_written(path, &refused)))?;
        if let Err(TryLockError::WouldBlock) = lock.try_lock() {
            bail!(
                "a demo is running on the folder {} already: open {}/demo. For a second one: iapt-pad demo --data {}-2 \
                 --bind 127.0.0.1:0",
                path.display(),
                address(path),
                path.display()
            );
        }
        Ok(Self {
            path: path.to_owned(),
            lock,
        })
    }

    /// The path of something in it.
    pub(super) fn join(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Keeps the address, for commands that are pointed at the folder and for whoever starts a second demo on it.
    pub(super) fn keep_address(&mut self, base_url: &str) -> anyhow::Result<()> {
        self.lock.set_len(0)?;
        self.lock.rewind()?;
        Ok(writeln!(self.lock, "{base_url}")?)
    }

    /// The key of its database, drawn at the first start and readable by its owner alone.
    pub(super) fn key(&self) -> anyhow::Result<MasterKey> {
        let file = self.path.join(KEY);
        if file.exists() {
            return read_key(&self.path);
        }
        let key = MasterKey::draw()?;
        let written = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&file);
        let mut written = written.map_err(|refused| anyhow!(why_not_written(&self.path, &refused)))?;
        writeln!(written, "{}", key.to_base64())?;
        Ok(key)
    }

    /// Removes the database of a start that was broken off while it was being filled.
    pub(super) fn forget_half_filled(&self, own_database: bool) -> anyhow::Result<()> {
        let mark = self.path.join(HALF_FILLED);
        if !mark.exists() {
            return Ok(());
        }
        ensure!(
            own_database,
            "an earlier start was broken off while it filled the database: make an empty one, remove {}, and start again",
            mark.display()
        );
        for ending in ["", "-wal", "-shm"] {
            let file = self.path.join(format!("{DATABASE}{ending}"));
            match std::fs::remove_file(&file) {
                Err(refused) if refused.kind() != ErrorKind::NotFound => {
                    return Err(refused).with_context(|| format!("{} cannot be removed", file.display()));
                }
                _ => {}
            }
        }
        self.mark_filled()
    }

    /// From now on the database is half filled.
    pub(super) fn mark_half_filled(&self) -> anyhow::Result<()> {
        let made = File::create(self.path.join(HALF_FILLED));
        made.map_err(|refused| anyhow!(why_not_written(&self.path, &refused)))?;
        Ok(())
    }

    /// The database is filled.
    pub(super) fn mark_filled(&self) -> anyhow::Result<()> {
        Ok(std::fs::remove_file(self.path.join(HALF_FILLED))?)
    }
}

/// Where the database of a folder is.
pub(super) fn database(path: &Path) -> DatabaseUrl {
    DatabaseUrl::Sqlite(path.join(DATABASE))
}

/// The key of a folder that a demo was started on.
pub(super) fn read_key(path: &Path) -> anyhow::Result<MasterKey> {
    let file = path.join(KEY);
    ensure!(
        file.exists(),
        "there is no demo in the folder {}: `iapt-pad demo --data {}` makes one",
        path.display(),
        path.display()
    );
    let text =
        std::fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
    MasterKey::parse(&text).map_err(|unfit| anyhow!("the key in {} {unfit}", file.display()))
}

/// The address at which the demo of a folder was last reached.
pub(super) fn address(path: &Path) -> String {
    let mut kept = String::new();
    let read = File::open(path.join(LOCK)).and_then(|mut file| file.read_to_string(&mut kept));
    match (read, kept.trim()) {
        (Ok(_), kept) if !kept.is_empty() => kept.to_owned(),
        _ => USUAL_ADDRESS.to_owned(),
    }
}

/// Refuses a folder that holds something and no demo's key.
fn ensure_its_own(path: &Path) -> anyhow::Result<()> {
    if path.join(KEY).exists() || path.join(LOCK).exists() {
        return Ok(());
    }
    let entries = std::fs::read_dir(path).map_err(|refused| anyhow!(why_not_written(path, &refused)))?;
    let names = entries.filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()));
    let mut names: Vec<String> = names.filter(|name| name != NOBODYS).collect();
    names.sort();
    let more = if names.len() > NAMED { ", …" } else { "" };
    names.truncate(NAMED);
    ensure!(
        names.is_empty(),
        "the folder {} holds something else ({}{more}), and a demo wants a folder of its own. Type: iapt-pad demo --data {}",
        path.display(),
        names.join(", "),
        path.join("iapt-pad-demo").display()
    );
    Ok(())
}

fn why_not_made(path: &Path, refused: &Error) -> String {
    let file = path.ancestors().find(|above| above.is_file());
    match (file, refused.kind()) {
        (Some(file), _) => format!(
            "{} is a file, and a demo keeps its data in a folder. Type: iapt-pad demo --data {}-demo",
            file.display(),
            file.display()
        ),
        _ => why_not_written(path, refused),
    }
}

fn why_not_written(path: &Path, refused: &Error) -> String {
    let why = match refused.kind() {
        ErrorKind::PermissionDenied => "this user may not write there".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "nothing can be written there".to_owned(),
        ErrorKind::StorageFull => "the disk is full".to_owned(),
        _ => refused.to_string(),
    };
    format!(
        "the folder {} cannot be used: {why}. Type: iapt-pad demo --data FOLDER, with one of your own",
        path.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(path: &Path) -> String {
        Folder::take(path).map_or_else(|refused| format!("{refused:#}"), |_| String::new())
    }

    #[test]
    fn a_new_an_empty_and_a_demos_own_folder_are_taken() {
        let place = tempfile::tempdir().expect("a folder");
        assert_eq!(told(place.path()), "");
        let new = place.path().join("a/b");
        assert_eq!(told(&new), "");
        Folder::take(&new).expect("taken").key().expect("a key");
        assert_eq!(told(&new), "");
    }

    #[test]
    fn a_second_demo_is_told_where_the_first_one_is() {
        let place = tempfile::tempdir().expect("a folder");
        let mut first = Folder::take(place.path()).expect("taken");
        first.keep_address("http://127.0.0.1:8765").expect("kept");
        let said = told(place.path());
        assert!(said.contains("open http://127.0.0.1:8765/demo"), "{said}");
        drop(first);
        assert_eq!(told(place.path()), "");
    }

    #[test]
    fn a_file_and_a_folder_of_something_else_are_left_alone() {
        let place = tempfile::tempdir().expect("a folder");
        let file = place.path().join("notes");
        std::fs::write(&file, "mine").expect("written");
        let type_this = format!("--data {}-demo", file.display());
        for path in [file.clone(), file.join("below")] {
            let said = told(&path);
            assert!(said.contains("is a file") && said.ends_with(&type_this), "{said}");
        }
        let said = told(place.path());
        assert!(said.contains("something else (notes)"), "{said}");
        assert!(!place.path().join(LOCK).exists(), "nothing was written");
    }

    #[test]
    fn a_half_filled_database_is_removed_and_nothing_else() {
        let place = tempfile::tempdir().expect("a folder");
        let folder = Folder::take(place.path()).expect("taken");
        folder.key().expect("a key");
        std::fs::write(folder.join(DATABASE), "half").expect("written");
        folder.forget_half_filled(true).expect("nothing to do");
        assert!(folder.join(DATABASE).exists());
        folder.mark_half_filled().expect("marked");
        assert!(folder.forget_half_filled(false).is_err(), "not our database");
        folder.forget_half_filled(true).expect("removed");
        assert!(!folder.join(DATABASE).exists() && !folder.join(HALF_FILLED).exists());
        assert!(folder.join(KEY).exists());
    }
}
