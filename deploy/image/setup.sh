#!/bin/sh
# Makes what compose.yaml needs in ./secrets, where it is missing, and hands it to the users in the containers.
# With arguments: `xquik-bot ARGUMENTS`, as `example settings`, which prints a whole config.toml.
set -eu
if [ "$#" -gt 0 ]; then exec xquik-bot "$@"; fi

bot=10001
umask 077
mkdir -p secrets

# once FILE COMMAND…: what a command prints, in a file that appears whole or not at all.
once() {
  [ -s "secrets/$1" ] || { file=$1; shift; "$@" > "secrets/.$file.part"; mv "secrets/.$file.part" "secrets/$file"; echo "made secrets/$file"; }
}
random() { python -c 'import secrets; print(secrets.token_hex(24))'; }
pgpass() { printf 'postgres:5432:bot:bot:%s\n' "$(cat secrets/postgres-password)"; }

once vault-keys xquik-bot keys new
once postgres-password random
once pgpass pgpass
once grafana-password random

chown -R "$bot:$bot" secrets
chmod 700 secrets
chmod 600 secrets/*
# These two are read by users of other images; nobody else gets into the directory.
chmod 644 secrets/postgres-password secrets/grafana-password
if [ -e config.toml ]; then chown "$bot:$bot" config.toml; chmod 600 config.toml; fi
