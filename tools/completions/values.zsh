_refinery_offer() {
  local what="$1"
  local -a found
  found=("${(@f)$($2 | command sed 's/:/\\:/g; s/\t/:/')}")
  [[ -n "$found[1]" ]] && _describe -V "$what" found
}
_refinery_all() { _refinery_offer 'merge request' _refinery_list_all; }
_refinery_open() { _refinery_offer 'open merge request' _refinery_list_open; }
_refinery_workers() { _refinery_offer 'worker' _refinery_list_workers; }
_refinery_branches() { _refinery_offer 'branch' _refinery_list_branches; }
_refinery_targets() { _refinery_offer 'target' _refinery_list_targets; }
_refinery_epics() { _refinery_offer 'epic' _refinery_list_epics; }
_refinery_issues() { _refinery_offer 'issue' _refinery_list_issues; }
_refinery_rigs_or_dir() {
  _refinery_offer 'rig' _refinery_list_rigs
  _files -/
}
