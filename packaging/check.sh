#!/usr/bin/env bash
# Installs a built Debian package into a bare system and proves the files beside it: the unit, nginx and Caddy in front of
# the installed program, as root on a Debian machine, on this machine's loopback only.
#
#   packaging/check.sh FILE.deb [FIRST_PORT]
#
# Needs debootstrap (or a bare system it made before, in BASE), nginx, caddy, curl, openssl and node.
set -euo pipefail
[ $# -ge 1 ] || { sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2; }
deb=$(realpath "$1") first=${2:-8120}
cd "$(dirname "$0")/.."
app=$first nginx=$((first + 1)) plain=$((first + 2)) caddy=$((first + 3)) metrics=$((first + 4)) mail=$((first + 5))
host=talking.example.org
work=$(mktemp -d) started=()

say() { printf '== %s\n' "$*"; }
fail() { printf 'FAIL %s\n' "$*" >&2; exit 1; }
finish() {
  for process in "${started[@]}"; do kill "$process" 2>/dev/null || true; done
  wait 2>/dev/null || true
  umount "$work/root/proc" 2>/dev/null || true
  rm -rf --one-file-system "$work"
}
trap finish EXIT

for program in nginx caddy curl openssl node systemd-analyze; do
  command -v "$program" >/dev/null || fail "$program is missing"
done

say "a bare system, and the package in it"
if [ -n "${BASE:-}" ]; then
  cp -a "$BASE" "$work/root"
else
  debootstrap --variant=minbase bookworm "$work/root" >"$work/debootstrap.log"
fi
mount -t proc proc "$work/root/proc"
cp "$deb" "$work/root/package.deb"
inside() { chroot "$work/root" "$@"; }
inside dpkg --install /package.deb
inside iapt-pad --version
[ "$(inside stat -c %U:%a /var/lib/iapt-pad)" = iapt-pad:700 ] || fail "the state folder is not the service's alone"
[ "$(inside stat -c %U:%G:%a /etc/iapt-pad/secret.key)" = root:iapt-pad:640 ] || fail "the key can be read by others"

say "the unit"
# Another root has no running systemd to ask, so the file is read from the outside.
unit=$work/root/usr/lib/systemd/system/iapt-pad.service
systemd-analyze security --offline=true --threshold=20 "$unit" | tail -1
sed 's#^ExecStart=.*#ExecStart=/bin/true#' "$unit" >"$work/iapt-pad.service"
systemd-analyze verify "$work/iapt-pad.service"

say "settings, schema, doctor"
cat >"$work/mail.mjs" <<'MAIL'
import { createServer } from "node:net";
createServer((socket) => {
  socket.on("error", () => {});
  socket.write("220 ready\r\n");
  socket.on("data", (said) => socket.write(/^quit/i.test(said) ? "221 bye\r\n" : "250 fine\r\n"));
}).listen(Number(process.argv[2]), "127.0.0.1");
MAIL
node "$work/mail.mjs" "$mail" & started+=($!)
for _ in $(seq 100); do (exec 3<>"/dev/tcp/127.0.0.1/$mail") 2>/dev/null && break; sleep 0.1; done
inside cp /usr/share/doc/iapt-pad/examples/locality.toml /etc/iapt-pad/locality.toml
cat >>"$work/root/etc/iapt-pad/settings" <<SETTINGS
BASE_URL=https://$host
SMTP_URL=smtp://127.0.0.1:$mail
MAIL_FROM=no-reply@$host
BIND=127.0.0.1:$app
METRICS_BIND=127.0.0.1:$metrics
SETTINGS
as_service=(chroot "$work/root" setpriv --reuid=iapt-pad --regid=iapt-pad --clear-groups
  sh -c 'set -a; . /etc/iapt-pad/settings; cd /var/lib/iapt-pad; exec iapt-pad "$@"' -)
"${as_service[@]}" migrate
"${as_service[@]}" doctor

say "the program behind nginx and Caddy"
"${as_service[@]}" serve >"$work/app.log" 2>&1 & started+=($!)
openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj "/CN=$host" -addext "subjectAltName=DNS:$host" \
  -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
{
  echo "daemon off; pid $work/nginx.pid; events {} http {"
  echo "client_body_temp_path $work; proxy_temp_path $work; fastcgi_temp_path $work; uwsgi_temp_path $work; scgi_temp_path $work;"
  sed -e "s#/etc/ssl/certs/$host.pem#$work/cert.pem#; s#/etc/ssl/private/$host.key#$work/key.pem#" \
    -e "s#listen 80;#listen 127.0.0.1:$plain;#; s#listen 443 #listen 127.0.0.1:$nginx #; /listen \[/d" \
    -e "s#/var/log/nginx#$work#; s#127.0.0.1:8080#127.0.0.1:$app#" packaging/nginx.conf
  echo "}"
} >"$work/nginx.conf"
nginx -t -q -c "$work/nginx.conf" -e "$work/nginx.early.log"
nginx -c "$work/nginx.conf" -e "$work/nginx.early.log" & started+=($!)
{
  printf '{\n\tadmin off\n\tauto_https disable_redirects\n\thttps_port %s\n}\n' "$caddy"
  sed -e "s#^$host {#https://$host:$caddy {\n\tbind 127.0.0.1\n\ttls $work/cert.pem $work/key.pem#" \
    -e "s#127.0.0.1:8080#127.0.0.1:$app#" packaging/Caddyfile
} >"$work/Caddyfile"
HOME=$work caddy run --config "$work/Caddyfile" --adapter caddyfile 2>"$work/caddy.log" & started+=($!)

# ask NAME PORT FROM PATH [curl's options…]: status and headers of one request through a proxy, from an address.
ask() {
  local port=$1 from=$2 path=$3
  shift 3
  curl --silent --show-error --cacert "$work/cert.pem" --resolve "$host:$port:127.0.0.1" --interface "$from" \
    --output "$work/body" --dump-header "$work/headers" --write-out '%{http_code}' "$@" "https://$host:$port$path"
}
slowed() { curl --silent "http://127.0.0.1:$metrics/metrics" | sed -n 's/^slip_codes_slowed_total \([0-9]*\).*/\1/p' | grep . || echo 0; }
for _ in $(seq 100); do
  curl --silent --fail "http://127.0.0.1:$app/health/ready" >/dev/null && break
  sleep 0.1
done

for proxy in "nginx $nginx 127.0.0.2 127.0.0.3" "caddy $caddy 127.0.0.4 127.0.0.5"; do
  read -r name port stranger neighbour <<<"$proxy"
  for _ in $(seq 50); do [ "$(ask "$port" 127.0.0.1 /health/live || true)" = 200 ] && break; sleep 0.1; done
  grep -q '^alive' "$work/body" || fail "$name: /health/live says: $(cat "$work/body")"
  [ "$(ask "$port" 127.0.0.1 /)" -lt 400 ] || fail "$name: the front page"
  [ "$(grep -ci '^strict-transport-security: max-age=31536000; includeSubDomains' "$work/headers")" = 1 ] ||
    fail "$name: HSTS must come once: $(cat "$work/headers")"
  grep -qi '^cache-control: no-store' "$work/headers" || fail "$name: the answer may be kept"

  # A form posted over https by its own page is taken as ours (Origin is the host patients see), another one is not.
  [ "$(ask "$port" 127.0.0.1 /staff/sign-in -H "Origin: https://$host" -d name=nobody -d password=x)" = 422 ] ||
    fail "$name: a form of our own page was not read"
  [ "$(ask "$port" 127.0.0.1 /staff/sign-in -H 'Origin: https://elsewhere.example' -d name=nobody -d password=x)" = 403 ] ||
    fail "$name: a form of another site was read"

  # Bodies: what the program reads passes the proxy, what is too much for it is answered, not hung up on.
  head -c 1900000 /dev/zero | tr '\0' a >"$work/large"
  status=$(ask "$port" 127.0.0.1 /staff/sign-in -H "Origin: https://$host" --data-binary "@$work/large")
  [ "$status" = 422 ] || fail "$name: a form of 1.9 MB gave $status"
  head -c 2900000 /dev/zero | tr '\0' a >"$work/large"
  status=$(ask "$port" 127.0.0.1 /staff/sign-in -H "Origin: https://$host" --data-binary "@$work/large")
  [ "$status" = 413 ] || fail "$name: a form of 2.9 MB gave $status"

  # Wrong codes are counted by the address that connected, whatever it writes into the header.
  before=$(slowed) at_first=
  for try in $(seq 40); do
    ask "$port" "$stranger" /S/7K3M9QXT2VBR --max-time 6 -H "X-Forwarded-For: 203.0.113.$try" >/dev/null
    [ "$(slowed)" -gt "$before" ] && at_first=$try && break
  done
  [ -n "$at_first" ] || fail "$name: forty wrong codes from one address were not slowed"
  before=$(slowed)
  ask "$port" "$neighbour" /S/7K3M9QXT2VBR >/dev/null
  [ "$(slowed)" = "$before" ] || fail "$name: another address was slowed with the first"
  say "$name: health, HSTS once, own forms, bodies, and the address behind it (slowed at the ${at_first}th wrong code)"
done
status=$(curl --silent --output /dev/null --write-out '%{http_code} %{redirect_url}' -H "Host: $host" "http://127.0.0.1:$plain/S/x")
[ "$status" = "301 https://$host/S/x" ] || fail "nginx: http is not sent on: $status"
! grep -rqs '/S/7K3M9QXT2VBR' "$work/app.log" "$work/caddy.log" "$work"/nginx*.log "$work"/*.error.log ||
  fail "a path is in a log"

say "stopping, and taking the package away"
kill -TERM "${started[1]}" && wait "${started[1]}" || fail "the program did not stop well: $?"
inside dpkg --purge iapt-pad
[ -e "$work/root/var/lib/iapt-pad/iapt-pad.sqlite" ] || fail "the records were taken away with the package"
say "all is well"
