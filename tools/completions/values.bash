_refinery_words() { compgen -W "$(command cut -f1)" -- "$1"; }
_refinery_all() { _refinery_list_all | _refinery_words "$1"; }
_refinery_open() { _refinery_list_open | _refinery_words "$1"; }
_refinery_workers() { _refinery_list_workers | _refinery_words "$1"; }
_refinery_branches() { _refinery_list_branches | _refinery_words "$1"; }
_refinery_targets() { _refinery_list_targets | _refinery_words "$1"; }
_refinery_epics() { _refinery_list_epics | _refinery_words "$1"; }
_refinery_issues() { _refinery_list_issues | _refinery_words "$1"; }
_refinery_rigs_or_dir() {
  _refinery_list_rigs | _refinery_words "$1"
  compgen -d -- "$1"
}
