# What the pages find when their commands run: sourced by bash before each page.
set -eu -o pipefail
server_log=$(mktemp)
server=

# Ends with the last line that failed, so that a command without a message of its own is found as well.
trap 'echo "${BASH_SOURCE[0]##*/}: line $LINENO: this command failed"' ERR
trap 'stop_server; rm -f "$server_log"' EXIT

stop_server() {
  [ -n "$server" ] || return 0
  kill -TERM -- "-$server" 2>/dev/null || true
  wait "$server" || true
  server=
  # The next server must not be taken for ready by what this one said.
  : > "$server_log"
}

# Goes on when the server that was just started says that it is ready.
await_server() {
  server=$1
  set +m
  until grep -q 'Ready in' "$server_log"; do
    if ! kill -0 "$server" 2>/dev/null; then
      cat "$server_log"
      server=
      return 1
    fi
    sleep 0.05
  done
  cat "$server_log"
}
