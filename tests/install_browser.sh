#!/bin/sh
# Make sure a Chromium is there for the browser tests: use the one found, else install Debian's, else say how.
set -eu
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null 2>&1 && exit 0
done
if command -v apt-get >/dev/null 2>&1; then
  if [ "$(id -u)" = 0 ]; then as_root=""; elif sudo -n true 2>/dev/null; then as_root="sudo"; else as_root="no"; fi
  if [ "$as_root" != "no" ]; then
    echo "Installing Chromium from Debian's packages for the browser tests ..."
    $as_root apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends chromium >/dev/null
    exit 0
  fi
fi
cat >&2 <<'EOF'
The browser tests need Chromium, and none was found.
Debian, Ubuntu:  sudo apt-get install chromium
macOS:           brew install --cask chromium
Then run `make test` again.
EOF
exit 1
