#!/bin/sh
# Make sure PostgreSQL with PostGIS and GDAL's tools are there for the store's tests: else install Debian's, else say how.
set -eu
server=no
for bin in "$(command -v initdb 2>/dev/null || true)" /usr/lib/postgresql/*/bin/initdb; do
  [ -x "$bin" ] || continue
  for control in /usr/share/postgresql/*/extension/postgis.control "$(pg_config --sharedir 2>/dev/null)/extension/postgis.control"; do
    if [ -e "$control" ]; then server=yes; fi
  done
done
if [ "$server" = yes ] && command -v ogr2ogr >/dev/null 2>&1; then exit 0; fi
if command -v apt-get >/dev/null 2>&1; then
  if [ "$(id -u)" = 0 ]; then as_root=""; elif sudo -n true 2>/dev/null; then as_root="sudo"; else as_root="no"; fi
  if [ "$as_root" != "no" ]; then
    echo "Installing PostgreSQL, PostGIS and GDAL from Debian's packages for the store's tests ..."
    $as_root apt-get update -qq
    # The tests start a server of their own: Debian's need not run.
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends \
      postgresql postgresql-15-postgis-3 gdal-bin >/dev/null
    exit 0
  fi
fi
cat >&2 <<'EOM'
The store's tests need PostgreSQL with PostGIS and GDAL's ogr2ogr, and not all were found.
Debian, Ubuntu:  sudo apt-get install postgresql postgresql-15-postgis-3 gdal-bin
macOS:           brew install postgis gdal
Then run `make test` again.
EOM
exit 1
