#!/usr/bin/env bash
# Installs what the tests use beyond a JDK and Maven: a Chromium for the page, a Milvus server for the index.
# Safe to run again; what cannot be installed here is said, and the tests that need it report SKIPPED.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

if ! command -v chromium >/dev/null && ! command -v chromium-browser >/dev/null && ! command -v google-chrome >/dev/null \
  && [ -z "${CHROMIUM_PATH:-}" ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    printf 'Installing Chromium for the page tests …\n'
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } >/dev/null \
      || printf 'Chromium could not be installed: the page tests will be skipped.\n'
  else
    printf 'No Chromium found (install it, or set CHROMIUM_PATH): the page tests will be skipped.\n'
  fi
fi

"$here/install-milvus.sh" || printf 'No Milvus server could be installed: the Milvus tests will be skipped.\n'
