#!/bin/sh
# Serves the queue of REFINERY_REMOTE: clones it at the first start, then watches it for ever.
# Arguments are those of `refinery start`: serve --every 5s
set -eu
: "${REFINERY_REMOTE:?must be the URL of the repository whose queue is to be served}"
clone=${REFINERY_CLONE:-/var/lib/refinery/project}

if [ ! -d "$clone" ]; then
    rm -rf "$clone.new"
    git clone --quiet --no-checkout -- "$REFINERY_REMOTE" "$clone.new"
    mv "$clone.new" "$clone"
fi
git -C "$clone" remote set-url origin "$REFINERY_REMOTE"
exec refinery start --foreground "$@" "$clone"
