#!/usr/bin/env bash
# Builds what is given to people who do not compile: an archive, a Debian package, what the binary contains, checksums.
#
#   packaging/release.sh [--binary FILE] [--out FOLDER]
#
# Without --binary it builds one (Rust, a C compiler, Node with npm). Needs dpkg-deb and objdump besides. The same checkout
# and binary give the same bytes: times are those of the last commit, or of SOURCE_DATE_EPOCH.
set -euo pipefail
cd "$(dirname "$0")/.."

binary= out=target/package
while [ $# -gt 0 ]; do
  case $1 in
    --binary) binary=$2; shift 2 ;;
    --out) out=$2; shift 2 ;;
    *) sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
done

say() { printf '== %s\n' "$*"; }

if [ -z "$binary" ]; then
  say "building the binary: this takes a while"
  cargo build --release --locked --bin iapt-pad
  binary=${CARGO_TARGET_DIR:-target}/release/iapt-pad
fi
version=$("$binary" --version | cut -d' ' -f2)
architecture=$(dpkg --print-architecture)
target=$(rustc --version --verbose | sed -n 's/^host: //p')
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH

rm -rf "$out"
mkdir -p "$out"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

say "what the binary contains"
node packaging/contents.mjs "$work" --target "$target"

say "the archive"
name=iapt-pad-$version-linux-$architecture
folder=$work/$name
install -D -m 0755 "$binary" "$folder/iapt-pad"
install -m 0644 LICENSE CHANGELOG.md SECURITY.md locality.toml docs/operations.md packaging/iapt-pad.service \
  packaging/settings packaging/nginx.conf packaging/Caddyfile "$work/NOTICE" "$work/iapt-pad.cdx.json" "$folder"
tar --create --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" --directory "$work" "$name" |
  gzip --no-name -9 >"$out/$name.tar.gz"

say "the Debian package"
root=$work/deb
shared=$root/usr/share/doc/iapt-pad
install -D -m 0755 "$binary" "$root/usr/bin/iapt-pad"
install -D -m 0644 packaging/iapt-pad.service "$root/usr/lib/systemd/system/iapt-pad.service"
install -D -m 0640 packaging/settings "$root/etc/iapt-pad/settings"
install -d "$shared/examples"
install -m 0644 LICENSE "$shared/copyright"
install -m 0644 SECURITY.md docs/operations.md "$work/NOTICE" "$work/iapt-pad.cdx.json" "$shared"
install -m 0644 CHANGELOG.md "$shared/changelog"
gzip --no-name -9 "$shared/NOTICE" "$shared/changelog"
install -m 0644 locality.toml packaging/nginx.conf packaging/Caddyfile "$shared/examples"
install -D -m 0755 --target-directory "$root/DEBIAN" packaging/debian/*
echo /etc/iapt-pad/settings >"$root/DEBIAN/conffiles"
# The newest symbol of the C library that the binary asks for.
glibc=$(objdump --dynamic-syms "$binary" | grep -o 'GLIBC_[0-9.]*' | sort --unique --version-sort | tail -1)
cat >"$root/DEBIAN/control" <<CONTROL
Package: iapt-pad
Version: $version
Architecture: $architecture
Maintainer: ${DEBFULLNAME:-iapt-pad} <${DEBEMAIL:-root@localhost}>
Installed-Size: $(du --apparent-size -k -s "$root" | cut -f1)
Depends: libc6 (>= ${glibc#GLIBC_}), libgcc-s1, passwd
Recommends: nginx | caddy
Section: web
Priority: optional
Description: the prescription pad for NHS Talking Therapies
 Prints slips for physiotherapists, takes referrals of the patients who scan
 them, and shows them to the triage team. Not for live use yet: read
 /usr/share/doc/iapt-pad/operations.md.
CONTROL
(cd "$root" && find usr etc -type f | LC_ALL=C sort | xargs md5sum >DEBIAN/md5sums)
dpkg-deb --root-owner-group --build -Zxz "$root" "$out/iapt-pad_${version}_${architecture}.deb" >/dev/null

say "what it contains, beside them, and the checksums"
install -m 0644 "$work/NOTICE" "$work/iapt-pad.cdx.json" "$out"
(cd "$out" && sha256sum -- * >SHA256SUMS)
ls -l "$out"
