#!/bin/sh
# Make sure LibreOffice Impress is there for the test of slides: use the one found, else install Debian's, else say how.
set -eu
command -v soffice >/dev/null 2>&1 && exit 0
if command -v apt-get >/dev/null 2>&1; then
  if [ "$(id -u)" = 0 ]; then as_root=""; elif sudo -n true 2>/dev/null; then as_root="sudo"; else as_root="no"; fi
  if [ "$as_root" != "no" ]; then
    echo "Installing LibreOffice Impress from Debian's packages for the test of slides ..."
    $as_root apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends libreoffice-impress >/dev/null
    exit 0
  fi
fi
cat >&2 <<'EOM'
The test of slides needs LibreOffice Impress (soffice), and it was not found.
Debian, Ubuntu:  sudo apt-get install libreoffice-impress
macOS:           brew install --cask libreoffice
Then run `make test` again.
EOM
exit 1
