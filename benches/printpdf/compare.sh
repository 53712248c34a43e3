#!/usr/bin/env bash
# Draws the same slips with this program and with printpdf, whole processes in turn, and prints a row for each.
#
#   benches/printpdf/compare.sh [SLIPS] [ROUNDS]          (10000 slips, 5 rounds)
#
# Needs GNU time, poppler-utils, qpdf and zbar-tools. Builds both in release where that is not done; DRAW_SLIPS and PRINTPDF
# name binaries that are already built.
set -euo pipefail
cd "$(dirname "$0")/../.."
slips=${1:-10000} rounds=${2:-5}
target=${CARGO_TARGET_DIR:-$PWD/target}

if [ -z "${DRAW_SLIPS:-}" ]; then
  cargo build --release --locked --example draw_slips
  DRAW_SLIPS=$target/release/examples/draw_slips
fi
if [ -z "${PRINTPDF:-}" ]; then
  CARGO_TARGET_DIR=$target/printpdf cargo build --release --locked --manifest-path benches/printpdf/Cargo.toml
  PRINTPDF=$target/printpdf/release/printpdf-slips
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Both print the codes of our own pages, and so must they read.
"$DRAW_SLIPS" "$slips" "$work/ours.pdf"
pdftotext -raw "$work/ours.pdf" - | sed -n 's/^Code //p' >"$work/codes.txt"
[ "$(wc -l <"$work/codes.txt")" = "$slips" ] || { echo "not every code was found on our own pages" >&2; exit 1; }

# timed NAME COMMAND…: one run; seconds and kilobytes are added to NAME's rows.
timed() {
  local name=$1
  shift
  /usr/bin/time --append --output "$work/$name.times" --format '%e %U %S %M' "$@"
}
for _ in $(seq "$rounds"); do
  timed ours "$DRAW_SLIPS" "$slips" "$work/ours.pdf"
  timed printpdf "$PRINTPDF" "$work/codes.txt" "$work/printpdf.pdf"
done

median() { sort -n | awk '{ row[NR] = $1 } END { print row[int((NR + 1) / 2)] }'; }
has() { grep -qaE "$2" "$1" && echo yes || echo no; }

# Slips a second of the clock, and of processor time, which a busy machine spoils less.
printf '%-9s %9s %9s %11s %9s %8s %7s %5s %6s %6s %5s\n' \
  program slips/s 's/s CPU' bytes/slip 'peak MB' version tagged lang PDF/A PDF/X date
for name in ours printpdf; do
  file=$work/$name.pdf
  qpdf --check "$file" >"$work/$name.check" || { cat "$work/$name.check" >&2; exit 1; }
  # Object streams are taken apart, so that what the file claims can be read.
  qpdf --qdf --object-streams=disable --stream-data=preserve "$file" "$work/$name.plain.pdf"
  seconds=$(cut -d' ' -f1 "$work/$name.times" | median)
  processor=$(awk '{ print $2 + $3 }' "$work/$name.times" | median)
  peak=$(cut -d' ' -f4 "$work/$name.times" | median)
  pdfinfo "$file" >"$work/$name.info"
  printf '%-9s %9.0f %9.0f %11.0f %9.1f %8s %7s %5s %6s %6s %5s\n' "$name" \
    "$(echo "$slips / $seconds" | bc -l)" "$(echo "$slips / $processor" | bc -l)" "$(echo "$(stat -c %s "$file") / $slips" | bc -l)" \
    "$(echo "$peak / 1024" | bc -l)" "$(sed -n 's/^PDF version: *//p' "$work/$name.info")" \
    "$(sed -n 's/^Tagged: *//p' "$work/$name.info")" "$(has "$work/$name.plain.pdf" '/Lang ')" \
    "$(has "$work/$name.plain.pdf" 'pdfaid:part')" "$(has "$work/$name.plain.pdf" 'GTS_PDFX|pdfx')" \
    "$(sed -n 's/^CreationDate: .* \([0-9]\{4\}\).*/\1/p' "$work/$name.info")"
  pdffonts "$file" | sed 's/^/  /'
  # The same words, and a code that reads, on the first sheet and the last.
  for page in 1 $(((slips + 3) / 4)); do
    pdftotext -raw -f "$page" -l "$page" "$file" - | tr -d '\f' >"$work/$name.$page.txt"
    pdftoppm -r 150 -f "$page" -l "$page" -png -singlefile "$file" "$work/$name.$page"
    zbarimg --quiet --raw "$work/$name.$page.png" 2>/dev/null | sort >"$work/$name.$page.codes"
  done
done
for page in 1 $(((slips + 3) / 4)); do
  for kind in txt codes; do
    sort "$work/ours.$page.$kind" | diff - <(sort "$work/printpdf.$page.$kind") >&2 ||
      { echo "page $page: the two do not say the same ($kind)" >&2; exit 1; }
  done
done
echo "both read the same on the first and the last page, words and codes ($(wc -l <"$work/ours.1.codes") codes on the first)"
for name in ours printpdf; do echo "$name, seconds, user and system seconds, kB of each run: $(tr '\n' ';' <"$work/$name.times")"; done
if [ -n "${KEEP:-}" ]; then cp "$work"/*.pdf "$work"/*.1.png "$KEEP"; fi
