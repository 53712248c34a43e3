//! Files that are whole or not there.

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;

pub(super) fn numbered(file: &Path, number: i32) -> PathBuf {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let ending = file
        .extension()
        .map(|ending| format!(".{}", ending.to_string_lossy()))
        .unwrap_or_default();
    file.with_file_name(format!("{stem}-{number:06}{ending}"))
}

pub(super) fn save_part(file: &Path, bytes: &[u8]) -> anyhow::Result<PathBuf> {
    let mut name = file.file_name().context("--out must name a file")?.to_os_string();
    name.push(".part");
    let part = file.with_file_name(name);
    let saved = std::fs::File::create(&part).and_then(|mut open| {
        open.write_all(bytes)?;
        open.sync_all()
    });
    if let Err(refused) = saved {
        if refused.kind() != ErrorKind::NotFound {
            let _gone = std::fs::remove_file(&part);
        }
        return Err(refused).with_context(|| format!("{} cannot be written", part.display()));
    }
    Ok(part)
}

pub(super) fn give_its_name(part: &Path, file: &Path) -> anyhow::Result<()> {
    std::fs::rename(part, file).with_context(|| {
        format!(
            "the pad is minted and saved as {}, but cannot be named {}",
            part.display(),
            file.display()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_of_several_pads_gets_its_own_file() {
        assert_eq!(
            numbered(Path::new("out/pads.pdf"), 12),
            Path::new("out/pads-000012.pdf")
        );
        assert_eq!(numbered(Path::new("pads"), 3), Path::new("pads-000003"));
    }

    #[test]
    fn a_full_disk_leaves_no_file_under_the_final_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("no-such-folder").join("pad.pdf");
        assert!(save_part(&file, b"x").is_err());
        let file = folder.path().join("pad.pdf");
        let part = save_part(&file, b"x").unwrap();
        assert!(!file.exists() && part.exists());
        give_its_name(&part, &file).unwrap();
        assert!(file.exists() && !part.exists());
    }
}
