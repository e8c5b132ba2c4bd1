# Values that depend on the repository. They come from the refs that were last fetched: a TAB
# starts git and never the network, whatever kind of clone this is.
_refinery_git() { command git -c protocol.allow=never "$@" 2>/dev/null; }
_refinery_prefix() { _refinery_git config refinery.prefix || echo refs/refinery; }
_refinery_records() {
  _refinery_git grep -h -E '^(id|branch|worker|status): ' \
    $(_refinery_git for-each-ref --format='%(refname)' "$1/queue" "$1/inbox/") \
    -- ':(top)mrs' ':(top)mr.yaml'
}
_refinery_list_all() {
  _refinery_records "$(_refinery_prefix)" |
    command awk -F'"' '/^id/{id=$2} /^branch/{branch=$2} /^status/{print id "\t" branch}'
}
_refinery_list_open() {
  _refinery_records "$(_refinery_prefix)" | command awk -F'"' \
    '/^id/{id=$2} /^branch/{branch=$2} /^status/ && $2 == "open" {print id "\t" branch}'
}
_refinery_list_workers() {
  _refinery_records "$(_refinery_prefix)" | command sed -n 's/^worker: "\(.*\)"$/\1/p' |
    command sort -u
}
_refinery_list_branches() { _refinery_git for-each-ref --format='%(refname:lstrip=2)' refs/heads/; }
_refinery_list_targets() {
  _refinery_git for-each-ref --format='%(refname:lstrip=3)' refs/remotes/ |
    command grep -v -x HEAD | command sort -u
}
_refinery_list_epics() {
  _refinery_git for-each-ref --format='%(refname)' 'refs/heads/**' 'refs/remotes/**' |
    command sed -n 's:^refs/.*/integration/::p; s:^refs/heads/integration/::p' | command sort -u
}
_refinery_list_issues() {
  _refinery_git ls-tree -r --name-only --full-tree "$(_refinery_prefix)/issues" |
    command sed 's:.*/::; s:\.yaml$::'
}
_refinery_list_rigs() {
  command sed -n 's/^\([^#:[:space:]][^:]*\):.*/\1/p' \
    "${XDG_CONFIG_HOME:-$HOME/.config}/refinery/rigs.yaml" 2>/dev/null
}
