//! What is packaged is whole: the image is built from everything that the program takes in when it is compiled.

use std::collections::BTreeSet;
use std::path::{Component, Path};

use super::sources::{none, read, sources};

/// What takes a file in at compile time, up to the file's name.
const TAKEN_IN: [&str; 4] = [
    "include_str!(\"",
    "include_bytes!(\"",
    "include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/",
    "embed_migrations!(\"",
];

#[test]
fn the_image_is_built_from_everything_that_is_compiled_in() {
    let dockerfile = read("Dockerfile");
    let copied: BTreeSet<&str> = dockerfile
        .lines()
        .filter_map(|line| line.strip_prefix("COPY "))
        .flat_map(str::split_whitespace)
        .collect();
    let mut faults = BTreeSet::new();
    for source in sources() {
        // Tests are not compiled into the image.
        let built = source.text.split("#[cfg(test)]").next().unwrap_or_default();
        let folder = Path::new(&source.path).parent().unwrap_or(Path::new(""));
        for start in TAKEN_IN {
            for after in built.split(start).skip(1) {
                let name = after.split('"').next().unwrap_or_default();
                let from_top = match start.ends_with('/') || start.starts_with("embed") {
                    true => first_of(Path::new(name)),
                    false => first_of(&folder.join(name)),
                };
                if !copied.contains(from_top.as_str()) {
                    faults.insert(format!("{}: {name}", source.path));
                }
            }
        }
    }
    let faults: Vec<String> = faults.into_iter().collect();
    none(&faults, "The Dockerfile does not copy what the program takes in.");
}

/// The file or folder at the top that a path leads into, its `..` resolved.
fn first_of(path: &Path) -> String {
    let mut steps = Vec::new();
    for step in path.components() {
        match step {
            Component::ParentDir => {
                steps.pop();
            }
            Component::Normal(name) => steps.push(name.to_string_lossy()),
            _ => {}
        }
    }
    steps.first().map(ToString::to_string).unwrap_or_default()
}
